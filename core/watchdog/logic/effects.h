// Everything the watchdog engine can ask the world to do, in the order in which it must be done.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// Start a child of this role; the answer is Spawned or SpawnFailed.
struct Spawn {
  Role role = Role::Vrrp;
  bool operator==(const Spawn&) const = default;
};
/// Hand over the configuration of this generation, what the predecessor left, and let it begin: sent without waiting for
/// anything in between, because every millisecond of a restart counts.
struct SendBeginning {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
  TimePoint died_at{};  ///< of the predecessor; epoch = none
  bool operator==(const SendBeginning&) const = default;
};
struct SendAdopt {
  Role role = Role::Vrrp;
  bool operator==(const SendAdopt&) const = default;
};
struct SendPrepare {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
  bool operator==(const SendPrepare&) const = default;
};
struct SendCommit {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
  bool operator==(const SendCommit&) const = default;
};
struct SendAbandon {
  Role role = Role::Vrrp;
  std::uint64_t generation = 0;
  bool operator==(const SendAbandon&) const = default;
};
struct SendPing {
  Role role = Role::Vrrp;
  std::uint64_t sequence = 0;
  bool operator==(const SendPing&) const = default;
};
struct SendStop {
  Role role = Role::Vrrp;
  bool operator==(const SendStop&) const = default;
};
struct Signal {
  Role role = Role::Vrrp;
  std::int32_t pid = 0;
  int signal = 0;
  bool operator==(const Signal&) const = default;
};
/// A last will falls due.
struct RemoveAddresses {
  std::string key;
  std::vector<WillAddress> addresses;
  std::vector<Bytes> orders = {};  ///< as in the Bequest
  bool operator==(const RemoveAddresses&) const = default;
};

/// The child is dead and a successor may not come in time: hear whether the peers take over.
struct StartListening {
  Role role = Role::Vrrp;
  std::string key;
  Ear ear;
  bool operator==(const StartListening&) const = default;
};
/// Nothing falls due any more for this reason.
struct StopListening {
  Role role = Role::Vrrp;
  std::vector<std::string> keys;
  bool operator==(const StopListening&) const = default;
};

enum class LogLevel : std::uint8_t { Alert, Error, Warning, Info, Detail /* only with -D */ };
struct Log {
  LogLevel level = LogLevel::Info;
  std::string text;
  bool operator==(const Log&) const = default;
};

/// The first configuration is in force everywhere: tell systemd and the parent of a daemonised start.
struct StartupComplete {
  bool operator==(const StartupComplete&) const = default;
};
/// The offered configuration is decided on: what starts from now on starts with it.
struct ReloadCommitted {
  std::uint64_t generation = 0;
  bool operator==(const ReloadCommitted&) const = default;
};
/// Every child has the offered configuration in force (scripts of the old one may be forgotten), or it was refused.
struct ReloadFinished {
  std::uint64_t generation = 0;
  bool accepted = false;
  bool operator==(const ReloadFinished&) const = default;
};
/// Everything is undone.
struct Finish {
  int exit_code = 0;
  bool operator==(const Finish&) const = default;
};

using Effect = std::variant<Spawn, SendBeginning, SendAdopt, SendPrepare, SendCommit, SendAbandon, SendPing, SendStop,
                            Signal, RemoveAddresses, StartListening, StopListening, Log, StartupComplete,
                            ReloadCommitted, ReloadFinished, Finish>;
using Effects = std::vector<Effect>;

}  // namespace holdfast::watchdog
