// What the kernel's IPVS holds, as values with ==. Nothing here knows netlink: io/ipvs_messages translates.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ip_address.h"

namespace holdfast::ipvs {

enum class Protocol : std::uint8_t { Tcp = 6, Udp = 17, Sctp = 132 };  // IANA protocol numbers

/// What the kernel finds a service by. A mark has no protocol, address or port.
struct ServiceKey {
  Family family = Family::IPv4;
  std::uint32_t fwmark = 0;  ///< 0 = by address
  Protocol protocol = Protocol::Tcp;
  IpAddress address;
  std::uint16_t port = 0;
  auto operator<=>(const ServiceKey&) const = default;
};

/// IP_VS_SVC_F_*; the kernel sets Hashed itself, so it is not compared.
namespace service_flag {
inline constexpr std::uint32_t kPersistent = 0x0001;
inline constexpr std::uint32_t kHashed = 0x0002;
inline constexpr std::uint32_t kOnePacket = 0x0004;
inline constexpr std::uint32_t kScheduler1 = 0x0008;
inline constexpr std::uint32_t kScheduler2 = 0x0010;
inline constexpr std::uint32_t kScheduler3 = 0x0020;
}  // namespace service_flag

struct ServiceSettings {
  std::string scheduler = "wlc";
  std::uint32_t flags = 0;  ///< service_flag, without Hashed
  std::uint32_t persistence_timeout_s = 0;
  std::uint32_t netmask = 0xffffffff;  ///< IPv4: host order; IPv6: prefix length (128)
  std::string persistence_engine;
  bool operator==(const ServiceSettings&) const = default;
};

enum class Forwarding : std::uint8_t { Masquerade = 0, Local = 1, Tunnel = 2, DirectRoute = 3, Bypass = 4 };

struct DestinationKey {
  IpAddress address;
  std::uint16_t port = 0;
  auto operator<=>(const DestinationKey&) const = default;
};

struct DestinationSettings {
  Forwarding forwarding = Forwarding::Masquerade;
  int weight = 1;
  std::uint32_t upper_threshold = 0, lower_threshold = 0;
  std::uint8_t tunnel_type = 0;  ///< 0 ipip, 1 gue, 2 gre
  std::uint16_t tunnel_port = 0;
  std::uint16_t tunnel_flags = 0;  ///< 0 no checksum, 1 checksum, 2 remote checksum
  bool operator==(const DestinationSettings&) const = default;
};

using Destinations = std::map<DestinationKey, DestinationSettings>;

struct Service {
  ServiceSettings settings;
  Destinations destinations;
  bool operator==(const Service&) const = default;
};

using Table = std::map<ServiceKey, Service>;

/// Since the service or destination was made, or zeroed.
struct Counters {
  std::uint64_t connections = 0, packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t active_connections = 0, inactive_connections = 0, persistent_connections = 0;  ///< destinations only
  bool operator==(const Counters&) const = default;
};

struct SyncDaemon {
  enum class State : std::uint8_t { Master = 1, Backup = 2 };
  State state = State::Master;
  std::string interface;
  std::uint32_t sync_id = 0;  ///< 0..255
  std::optional<std::uint16_t> max_length, port;
  std::optional<std::uint8_t> ttl;
  std::optional<IpAddress> group;
  bool operator==(const SyncDaemon&) const = default;
};

struct Timeouts {  ///< seconds; 0 = leave the kernel's value
  std::uint32_t tcp_s = 0, tcp_fin_s = 0, udp_s = 0;
  bool operator==(const Timeouts&) const = default;
};

/// One change of the kernel's table; the fields beyond `service` are used as the kind needs them.
struct Operation {
  enum class Kind : std::uint8_t {
    AddService,
    EditService,
    DeleteService,
    AddDestination,
    EditDestination,
    DeleteDestination
  };
  Kind kind = Kind::AddService;
  ServiceKey service;
  ServiceSettings service_settings{};
  DestinationKey destination{};
  DestinationSettings destination_settings{};
  bool operator==(const Operation&) const = default;
};

}  // namespace holdfast::ipvs
