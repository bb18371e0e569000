#include "core/runtime/confinement.h"

#include <algorithm>
#include <sys/resource.h>

#include "core/runtime/scheduling.h"

namespace holdfast {

std::vector<std::string> settle_in(const std::string& role, const Scheduling& scheduling,
                                   std::vector<Capability> kept) {
  std::vector<std::string> complaints;
  const auto note = [&complaints](const std::string& what, const Status& status) {
    if (!status) complaints.push_back(what + ": " + status.error().message);
  };
  if (scheduling.no_swap) note(role + "_no_swap", lock_memory());
  if (scheduling.nice) note(role + "_priority", set_nice(*scheduling.nice));
  if (scheduling.rt_priority)
    note(role + "_rt_priority", set_realtime(*scheduling.rt_priority, scheduling.rlimit_rttime));
  if (!scheduling.cpu_affinity.empty()) note(role + "_cpu_affinity", set_cpu_affinity(scheduling.cpu_affinity));
  if (scheduling.no_swap) kept.push_back(Capability::IpcLock);
  note("capabilities", keep_capabilities(kept));
  note("seccomp", forbid_exec());
  return complaints;
}

void allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlimit raised{std::max<rlim_t>(limit.rlim_max, wanted), std::max<rlim_t>(limit.rlim_max, wanted)};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace holdfast
