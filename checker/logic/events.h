// Everything that can happen to the checker engine, besides its deadlines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "checker/logic/probe.h"

namespace holdfast::checker {

struct ProbeFinished {
  std::uint64_t id = 0;
  Verdict verdict;
  Duration took{};
};

enum class ScriptOutcome : std::uint8_t { Exited, Signalled, TimedOut, NotStarted };
struct ScriptFinished {
  std::uint64_t id = 0;
  ScriptOutcome outcome = ScriptOutcome::Exited;
  int status = 0;  ///< exit status or signal
};

/// The number in a file of FILE_CHECK; nothing: no such file, or no number in it (counts as 0, behaviour.md e.4).
struct FileChanged {
  std::string path;
  std::optional<std::int64_t> value;
};

/// A vrrp_instance changed, told by vrrp through core.
struct InstanceChanged {
  std::string instance;
  bool active = false;
  std::uint8_t virtual_router_id = 0;
};

/// An address is on this host, or no longer (ha_suspend).
struct AddressChanged {
  IpAddress address;
  bool present = false;
};

/// The kernel will not set firewall marks (nftables_ipvs), and nobody did before us.
struct MarksRefused {};

using Event = std::variant<ProbeFinished, ScriptFinished, FileChanged, InstanceChanged, AddressChanged, MarksRefused>;

}  // namespace holdfast::checker
