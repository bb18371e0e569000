// virtual_server, its real servers and their checks (behaviour.md e). After lint every value is final: defaults of the
// check's kind, of the real server, of the virtual server and of global_defs are copied in, in keepalived's order of
// precedence, so that the checker never asks where a value came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/rare.h"
#include "core/base/time.h"
#include "core/config/node.h"
#include "core/config/schema/check.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

enum class Protocol : std::uint8_t { Tcp = 6, Udp = 17, Sctp = 132 };  // IANA protocol numbers
enum class Forwarding : std::uint8_t { Nat, DirectRoute, Tunnel };
enum class TunnelType : std::uint8_t { Ipip = 0, Gue = 1, Gre = 2 };              // as the kernel numbers them
enum class TunnelChecksum : std::uint8_t { None = 0, Checksum = 1, Remote = 2 };  // as the kernel's flags

/// lb_kind and lvs_method: NAT|DR|TUN [type ipip|gue|gre [port N] [nocsum|csum|remcsum]].
struct ForwardingMethod {
  Forwarding kind = Forwarding::Nat;
  TunnelType tunnel_type = TunnelType::Ipip;
  std::uint16_t tunnel_port = 0;
  TunnelChecksum tunnel_checksum = TunnelChecksum::None;
  bool operator==(const ForwardingMethod&) const = default;
};

struct RealServer {
  IpAddress address;
  std::uint16_t port = 0;
  int weight = 1;  ///< 0..65535
  ForwardingMethod method;
  std::uint32_t upper_threshold = 0;  ///< uthreshold, connections; 0 = off
  std::uint32_t lower_threshold = 0;  ///< lthreshold, connections; 0 = off
  bool inhibit_on_failure = false;
  Rare<ScriptCommand> notify_up, notify_down;
  bool alpha = false;
  bool smtp_alert = true;
  bool no_checker_emails = false;  ///< of global_defs: only a change of the server itself is mailed
  Rare<std::string> virtualhost;
  Rare<std::string> snmp_name;
  std::vector<Check> checks;
  std::vector<KeptLine> unused_lines;  ///< BFD_CHECK
  Origin at;
  bool operator==(const RealServer&) const = default;
};

struct SorryServer {
  IpAddress address;
  std::uint16_t port = 0;
  ForwardingMethod method;
  bool operator==(const SorryServer&) const = default;
};

/// One line of a virtual_server_group: a firewall mark, or `count` addresses beginning at `first` that differ in the last octet
/// (IPv4) or the last 16 bits (IPv6).
struct GroupEntry {
  std::optional<std::uint32_t> fwmark;
  Family family = Family::IPv4;  ///< of the addresses, or of the mark's services: inet/inet6, else of the real servers
  bool family_given = false;     ///< the mark had inet or inet6
  IpAddress first;
  std::uint32_t count = 1;
  std::uint16_t port = 0;
  Origin at;
  bool operator==(const GroupEntry&) const = default;
};

struct VirtualServerGroup {
  std::string name;
  std::vector<GroupEntry> entries;
  Origin at;
  bool operator==(const VirtualServerGroup&) const = default;
};

/// What the service is reached by: exactly one of address, mark, group.
struct VirtualServer {
  std::optional<IpAddress> address;
  std::uint16_t port = 0;  ///< 0 = any port; persistence is then on
  std::optional<std::uint32_t> fwmark;
  std::string group;             ///< "" = none
  Family family = Family::IPv4;  ///< of the address, of the group, or ip_family of the mark
  Protocol protocol = Protocol::Udp;
  bool by_mark = false;  ///< a fwmark, or a group of nothing else: protocol and port have no meaning
  std::string scheduler = "wlc";
  std::uint32_t scheduler_flags = 0;  ///< bit 0..2 = flag-1..flag-3 (sh-fallback, sh-port; mh-…)
  bool hashed = false;
  bool one_packet = false;  ///< ops
  ForwardingMethod method;
  Rare<std::string> persistence_engine;
  std::uint32_t persistence_timeout_s = 0;  ///< 0 = off
  std::optional<std::uint32_t>
      persistence_granularity;  ///< IPv4: netmask in host order; IPv6: prefix length; unset = a host
  int quorum = 1;
  int hysteresis = 0;
  Rare<ScriptCommand> quorum_up, quorum_down;
  bool alpha = false;
  bool omega = false;
  bool ha_suspend = false;
  bool smtp_alert = false;
  Rare<std::string> virtualhost;
  Rare<std::string> snmp_name;
  std::optional<SorryServer> sorry_server;
  bool sorry_server_inhibit = false;
  std::vector<RealServer> real_servers;
  Origin at;

  bool operator==(const VirtualServer&) const = default;
};

/// As messages name it: "[10.0.0.1]:tcp:80", "FWM 3", "[group]:0" (log_lines.md 2, 4).
std::string describe(const VirtualServer& server);
/// "[10.0.0.2]:tcp:80", with the protocol of its virtual server.
std::string describe(const RealServer& server, const VirtualServer& owner);

}  // namespace holdfast::config
