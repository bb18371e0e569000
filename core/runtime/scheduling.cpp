#include "core/runtime/scheduling.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

namespace holdfast {

namespace {

// Touched once, the pages exist and mlockall(MCL_FUTURE) keeps them.
[[gnu::noinline]] void touch_stack() {
  constexpr std::size_t reserve = 64 * 1024;
  [[maybe_unused]] volatile char pages[reserve];
  for (std::size_t at = 0; at < reserve; at += 4096) pages[at] = 0;
}

}  // namespace

Status limit_realtime_burst(Duration cpu_limit) {
  if (cpu_limit <= Duration::zero()) return success();
  sigset_t over;
  sigemptyset(&over);
  sigaddset(&over, SIGXCPU);
  if (const int error = pthread_sigmask(SIG_BLOCK, &over, nullptr); error != 0) return system_error("SIGXCPU", error);
  rlimit limit{};
  if (getrlimit(RLIMIT_RTTIME, &limit) != 0) return system_error("RLIMIT_RTTIME", errno);
  // Only the soft limit: beyond the hard one the kernel kills, and a take-over of thousands of addresses is no runaway.
  limit.rlim_cur = std::min(static_cast<rlim_t>(cpu_limit.count()), limit.rlim_max);
  if (setrlimit(RLIMIT_RTTIME, &limit) != 0) return system_error("RLIMIT_RTTIME", errno);
  return success();
}

Status set_realtime(int priority, Duration cpu_limit) {
  if (Status status = limit_realtime_burst(cpu_limit); !status) return status;
  sched_param parameters{};
  parameters.sched_priority = priority;
  if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) != 0) {
    return system_error("real-time priority", errno);
  }
  return success();
}

Status set_nice(int value) {
  if (setpriority(PRIO_PROCESS, 0, value) != 0) return system_error("priority", errno);
  return success();
}

Status set_cpu_affinity(const std::vector<int>& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int processor : processors) {
    if (processor < 0 || processor >= CPU_SETSIZE) return system_error("cpu affinity", EINVAL);
    CPU_SET(static_cast<std::size_t>(processor), &set);
  }
  if (sched_setaffinity(0, sizeof set, &set) != 0) return system_error("cpu affinity", errno);
  return success();
}

Status lock_memory() {
  touch_stack();
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return system_error("mlockall", errno);
  return success();
}

}  // namespace holdfast
