// vrrp_track_process: a number of running processes that moves a priority or faults an instance (behaviour.md d.14).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

/// How the parameters of a process are compared with those of the definition.
enum class ParameterMatch : std::uint8_t {
  Exact,    ///< the same, neither more nor fewer
  Partial,  ///< it begins with these, more may follow
  Initial   ///< as Partial, and its last one of these may be longer
};

inline constexpr int kUnlimitedProcesses = 65536;

struct TrackProcess {
  std::string name;
  std::string process;  ///< name (15 octets of it count), or with `whole_command()` what argv[0] says
  std::vector<std::string> parameters;
  std::optional<ParameterMatch> parameter_match;  ///< unset = Exact if there are parameters, else any will do
  int weight = 0;                                 ///< -254..254; 0 = no quorum is a fault
  bool reverse = false;
  int quorum = 1;                        ///< fewest processes, 0..65535 (0 only beside a quorum_max of 0)
  int quorum_max = kUnlimitedProcesses;  ///< most processes
  Duration terminate_delay{};            ///< a quorum must be lost for this long before it counts as lost
  Duration fork_delay{};                 ///< and gained for this long before it counts as gained
  bool full_command = false;
  Origin at;

  /// argv is compared, not the name that the kernel gives the process.
  bool whole_command() const { return full_command || !parameters.empty() || parameter_match.has_value(); }
  bool operator==(const TrackProcess&) const = default;
};

}  // namespace holdfast::config
