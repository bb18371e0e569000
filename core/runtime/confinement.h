// How a child settles in: its place among the processes of the machine, and no more rights than it needs. Each of these may
// fail on an old kernel or in a container; the child then serves without it, and says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/runtime/privileges.h"

namespace holdfast {

/// vrrp_* and checker_* of global_defs.
struct Scheduling {
  bool no_swap = false;
  std::optional<int> nice;         ///< -20..19
  std::optional<int> rt_priority;  ///< 1..99
  Duration rlimit_rttime{};
  std::vector<int> cpu_affinity;
};

/// Gives what did not work, each with the keyword it belongs to ("vrrp" or "checker" before the underscore).
std::vector<std::string> settle_in(const std::string& role, const Scheduling& scheduling, std::vector<Capability> kept);

/// As many descriptors as this process may have, at least `wanted` if it has the right to say so (before settle_in).
void allow_descriptors(std::size_t wanted);

}  // namespace holdfast
