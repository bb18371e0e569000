// Everything the checker engine can ask the world to do, and what it wants to be remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checker/logic/probe.h"
#include "ipvs_wrapper/logic/model.h"

namespace holdfast::checker {

/// The answer is ProbeFinished with this id.
struct StartProbe {
  std::uint64_t id = 0;
  ProbeSpec spec;
  bool operator==(const StartProbe&) const = default;
};
struct CancelProbe {
  std::uint64_t id = 0;
  bool operator==(const CancelProbe&) const = default;
};
/// MISC_CHECK: core runs it; the answer is ScriptFinished with this id.
struct RunCheckScript {
  std::uint64_t id = 0;
  config::ScriptCommand command;
  Duration timeout{};
  bool operator==(const RunCheckScript&) const = default;
};
/// notify_up, notify_down, quorum_up, quorum_down: ordered within `queue`.
struct TellFifo {
  std::string subject;  ///< of two lines with the same only the newer one matters
  std::string line;     ///< behaviour.md f.4, without its end
  bool operator==(const TellFifo&) const = default;
};
/// A mail, without the name of this machine in the subject (behaviour.md f.6).
struct SendAlert {
  std::string subject;
  std::string body;
  bool operator==(const SendAlert&) const = default;
};
struct RunNotifyScript {
  std::string queue;
  config::ScriptCommand command;
  bool operator==(const RunNotifyScript&) const = default;
};
struct WatchFile {
  std::string path;
  bool operator==(const WatchFile&) const = default;
};
struct UnwatchFile {
  std::string path;
  bool operator==(const UnwatchFile&) const = default;
};
/// How a service of the kernel should look from now on.
struct SetService {
  ipvs::ServiceKey key;
  ipvs::Service service;
  bool operator==(const SetService&) const = default;
};
struct RemoveService {
  ipvs::ServiceKey key;
  bool operator==(const RemoveService&) const = default;
};
/// Packets of this protocol to these addresses and ports get this firewall mark.
struct MarkedRange {
  ipvs::Protocol protocol = ipvs::Protocol::Tcp;
  IpAddress first, last;
  std::uint16_t first_port = 0, last_port = 0;
  std::uint32_t mark = 0;
  auto operator<=>(const MarkedRange&) const = default;
};
/// The table of nftables that marks; while there are no ranges it should not exist.
struct MarkPlan {
  std::string table;
  std::int32_t priority = -1;  ///< of its chain
  bool counters = false;
  std::vector<MarkedRange> ranges;
  bool operator==(const MarkPlan&) const = default;
};
/// It should be so once the services that are wanted stand in the kernel.
struct SetMarks {
  MarkPlan plan;
  bool operator==(const SetMarks&) const = default;
};
/// The connection synchronisation that must run from now on; whatever else runs of ours must end.
struct SetSyncDaemons {
  std::vector<ipvs::SyncDaemon> daemons;
  bool operator==(const SetSyncDaemons&) const = default;
};

enum class LogLevel : std::uint8_t { Error, Warning, Info };
struct Log {
  LogLevel level = LogLevel::Info;
  std::string text;
  bool operator==(const Log&) const = default;
};

/// What a successor must know of one check. `identity` names what is checked, so that a changed configuration does not inherit.
struct CheckRecord {
  std::uint64_t identity = 0;
  std::string what;    ///< "TCP_CHECK": for the status
  bool known = false;  ///< it has had a verdict
  bool up = false;
  std::uint32_t failures = 0;  ///< in a row, not yet enough to be down
  std::uint32_t url = 0;       ///< HTTP_GET: whose turn it is
  std::optional<int> weight;   ///< MISC_CHECK with misc_dynamic: what the script said last
  int weight_delta = 0;        ///< FILE_CHECK
  Failure failure = Failure::None;
  std::string detail;  ///< of the last failure
  bool operator==(const CheckRecord&) const = default;
};
struct ServerRecord {
  std::string service, server;  ///< identities
  std::string service_name, server_name;
  bool alive = false;
  int weight = 0;  ///< effective
  TimePoint since{};
  std::vector<CheckRecord> checks;
  bool operator==(const ServerRecord&) const = default;
};
struct ServiceRecord {
  std::string service;  ///< identity
  std::string name;
  bool quorum_up = false;
  bool suspended = false;              ///< ha_suspend
  TimePoint since{};                   ///< of quorum_up
  std::vector<ipvs::ServiceKey> keys;  ///< what the kernel holds of it: ours also for a successor
  std::uint32_t mark = 0;              ///< nftables_ipvs gave it this; 0 = none
  bool marks_refused = false;          ///< it should have had one
  bool operator==(const ServiceRecord&) const = default;
};
struct RememberServer {
  ServerRecord record;
  bool operator==(const RememberServer&) const = default;
};
struct ForgetServer {
  std::string service, server;
  bool operator==(const ForgetServer&) const = default;
};
struct RememberService {
  ServiceRecord record;
  bool operator==(const RememberService&) const = default;
};
struct ForgetService {
  std::string service;
  bool operator==(const ForgetService&) const = default;
};

/// What a predecessor left. Empty at a first start.
struct Past {
  std::vector<ServerRecord> servers;
  std::vector<ServiceRecord> services;
  bool empty() const { return servers.empty() && services.empty(); }
};

using Effect = std::variant<StartProbe, CancelProbe, RunCheckScript, RunNotifyScript, TellFifo, SendAlert, WatchFile,
                            UnwatchFile, SetService, RemoveService, SetMarks, SetSyncDaemons, Log, RememberServer,
                            ForgetServer, RememberService, ForgetService>;
using Effects = std::vector<Effect>;

}  // namespace holdfast::checker
