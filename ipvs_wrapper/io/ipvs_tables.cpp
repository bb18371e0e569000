#include "ipvs_wrapper/io/ipvs_tables.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <linux/ip_vs.h>
#include <sys/socket.h>

namespace holdfast::ipvs {

namespace {

using netlink::Attributes;
using netlink::GenericRequest;

// ---- addresses: the kernel's union nf_inet_addr, 16 octets of which IPv4 uses the first four -----------------------------

constexpr std::size_t kUnionSize = 16;

void put_union(GenericRequest& request, int attribute, const IpAddress& address) {
  std::array<std::uint8_t, kUnionSize> octets{};
  std::ranges::copy(address.bytes(), octets.begin());
  request.put(attribute, octets);
}

bool take_union(const Attributes& attributes, int attribute, Family family, IpAddress& address) {
  const std::optional<ByteView> octets = attributes.bytes(attribute);
  const std::size_t needed = family == Family::IPv4 ? 4 : kUnionSize;
  if (!octets || octets->size() < needed) return false;
  address = *IpAddress::from_bytes(octets->first(needed));
  return true;
}

std::uint16_t number_of(Family family) {
  return family == Family::IPv4 ? AF_INET : AF_INET6;
}

bool take_family(const Attributes& attributes, int attribute, Family& family) {
  const std::optional<std::uint16_t> number = attributes.u16(attribute);
  if (number != AF_INET && number != AF_INET6) return false;
  family = number == AF_INET ? Family::IPv4 : Family::IPv6;
  return true;
}

// ---- counters ------------------------------------------------------------------------------------------------------------

struct CounterField {
  int attribute;
  std::uint64_t Counters::*field;
};
constexpr CounterField kCounterFields[] = {{IPVS_STATS_ATTR_CONNS, &Counters::connections},
                                           {IPVS_STATS_ATTR_INPKTS, &Counters::packets_in},
                                           {IPVS_STATS_ATTR_OUTPKTS, &Counters::packets_out},
                                           {IPVS_STATS_ATTR_INBYTES, &Counters::bytes_in},
                                           {IPVS_STATS_ATTR_OUTBYTES, &Counters::bytes_out}};

// The old form has connections and packets in 32 bits and octets in 64, the new one all in 64.
bool take_counters(const Attributes& attributes, int attribute, Counters& counters) {
  const std::optional<Attributes> nested = attributes.nested(attribute);
  if (!nested) return false;
  for (const auto& [type, field] : kCounterFields) {
    const std::optional<std::uint64_t> wide = nested->u64(type);
    const std::optional<std::uint32_t> narrow = nested->u32(type);
    if (nested->has(type) && !wide && !narrow) return false;
    counters.*field = wide ? *wide : narrow.value_or(0);
  }
  return true;
}

/// The old form stands before the new one in the table, so the new one wins.
template <class Record>
Row<Record> counters(int attribute) {
  return {attribute, Use::Reading, always<Record>, nullptr, [](const Attributes& attributes, int type, Record& record) {
            return take_counters(attributes, type, record.counters);
          }};
}

// ---- services --------------------------------------------------------------------------------------------------------------

bool by_mark(const ServiceRecord& service) {
  return service.key.fwmark != 0;
}
bool by_address(const ServiceRecord& service) {
  return service.key.fwmark == 0;
}

Row<ServiceRecord> service_family() {
  return {IPVS_SVC_ATTR_AF, Use::Identity, always<ServiceRecord>,
          [](GenericRequest& request, int type, const ServiceRecord& service) {
            request.put_u16(type, number_of(service.key.family));
          },
          [](const Attributes& attributes, int type, ServiceRecord& service) {
            return take_family(attributes, type, service.key.family);
          }};
}

Row<ServiceRecord> service_address() {
  return {IPVS_SVC_ATTR_ADDR, Use::Identity, by_address,
          [](GenericRequest& request, int type, const ServiceRecord& service) {
            put_union(request, type, service.key.address);
          },
          [](const Attributes& attributes, int type, ServiceRecord& service) {
            return take_union(attributes, type, service.key.family, service.key.address);
          }};
}

// struct ip_vs_flags: the mask tells which of the flags are meant, always all.
Row<ServiceRecord> service_flags() {
  return {IPVS_SVC_ATTR_FLAGS, Use::Settings, always<ServiceRecord>,
          [](GenericRequest& request, int type, const ServiceRecord& service) {
            const ip_vs_flags flags{service.settings.flags & ~service_flag::kHashed, ~0U};
            request.put(type, ByteView(reinterpret_cast<const std::uint8_t*>(&flags), sizeof flags));
          },
          [](const Attributes& attributes, int type, ServiceRecord& service) {
            const std::optional<ByteView> value = attributes.bytes(type);
            ip_vs_flags flags{};
            if (!value || value->size() != sizeof flags) return false;
            std::memcpy(&flags, value->data(), sizeof flags);
            service.settings.flags = flags.flags & ~service_flag::kHashed;
            return true;
          }};
}

// IPv4: a mask, in network order like every address. IPv6: a prefix length, a plain number.
Order order_of_netmask(const ServiceRecord& service) {
  return service.key.family == Family::IPv4 ? Order::Network : Order::Host;
}

Row<ServiceRecord> service_netmask() {
  return {IPVS_SVC_ATTR_NETMASK, Use::Settings, always<ServiceRecord>,
          [](GenericRequest& request, int type, const ServiceRecord& service) {
            request.put_u32(type, reordered(service.settings.netmask, order_of_netmask(service)));
          },
          [](const Attributes& attributes, int type, ServiceRecord& service) {
            const std::optional<std::uint32_t> value = attributes.u32(type);
            if (value) service.settings.netmask = reordered(*value, order_of_netmask(service));
            return value.has_value();
          }};
}

// ---- destinations ----------------------------------------------------------------------------------------------------------

bool tunnelled(const DestinationRecord& destination) {
  return destination.settings.forwarding == Forwarding::Tunnel;
}

Row<DestinationRecord> destination_family() {
  return {IPVS_DEST_ATTR_ADDR_FAMILY, Use::Identity, always<DestinationRecord>,
          [](GenericRequest& request, int type, const DestinationRecord& destination) {
            request.put_u16(type, number_of(destination.key.address.family()));
          },
          [](const Attributes& attributes, int type, DestinationRecord& destination) {
            return take_family(attributes, type, destination.family);
          }};
}

Row<DestinationRecord> destination_address() {
  return {IPVS_DEST_ATTR_ADDR, Use::Identity, always<DestinationRecord>,
          [](GenericRequest& request, int type, const DestinationRecord& destination) {
            put_union(request, type, destination.key.address);
          },
          [](const Attributes& attributes, int type, DestinationRecord& destination) {
            return take_union(attributes, type, destination.family, destination.key.address);
          }};
}

// ---- sync daemons ----------------------------------------------------------------------------------------------------------

constexpr auto kWithGroup4 = [](const SyncDaemon& d) { return d.group && d.group->is_v4(); };
constexpr auto kWithGroup6 = [](const SyncDaemon& d) { return d.group && !d.group->is_v4(); };

Row<SyncDaemon> sync_group(int attribute, bool (*wanted)(const SyncDaemon&)) {
  return {attribute, Use::Settings, wanted,
          [](GenericRequest& request, int type, const SyncDaemon& daemon) { request.put(type, daemon.group->bytes()); },
          [](const Attributes& attributes, int type, SyncDaemon& daemon) {
            const std::optional<ByteView> octets = attributes.bytes(type);
            daemon.group = octets ? IpAddress::from_bytes(*octets) : std::nullopt;
            return daemon.group.has_value();
          }};
}

// A value that may be absent: 0 in a kernel's answer means absent as well.
template <class Wire, auto field>
Row<SyncDaemon> optional_number(int attribute) {
  return {attribute, Use::Settings, [](const SyncDaemon& daemon) { return field(daemon).has_value(); },
          [](GenericRequest& request, int type, const SyncDaemon& daemon) {
            put_number<Wire>(request, type, *field(daemon));
          },
          [](const Attributes& attributes, int type, SyncDaemon& daemon) {
            const std::optional<Wire> value = take_number<Wire>(attributes, type);
            if (value && *value != 0) field(daemon) = *value;
            return value.has_value();
          }};
}

// ---- fields: how a row reaches its place in a record ---------------------------------------------------------------------

namespace service_field {
constexpr auto fwmark = [](auto& s) -> decltype(auto) { return (s.key.fwmark); };
constexpr auto protocol = [](auto& s) -> decltype(auto) { return (s.key.protocol); };
constexpr auto port = [](auto& s) -> decltype(auto) { return (s.key.port); };
constexpr auto scheduler = [](auto& s) -> decltype(auto) { return (s.settings.scheduler); };
constexpr auto engine = [](auto& s) -> decltype(auto) { return (s.settings.persistence_engine); };
constexpr auto timeout = [](auto& s) -> decltype(auto) { return (s.settings.persistence_timeout_s); };
}  // namespace service_field

namespace destination_field {
constexpr auto port = [](auto& d) -> decltype(auto) { return (d.key.port); };
constexpr auto forwarding = [](auto& d) -> decltype(auto) { return (d.settings.forwarding); };
constexpr auto weight = [](auto& d) -> decltype(auto) { return (d.settings.weight); };
constexpr auto tunnel_type = [](auto& d) -> decltype(auto) { return (d.settings.tunnel_type); };
constexpr auto tunnel_port = [](auto& d) -> decltype(auto) { return (d.settings.tunnel_port); };
constexpr auto tunnel_flags = [](auto& d) -> decltype(auto) { return (d.settings.tunnel_flags); };
constexpr auto upper = [](auto& d) -> decltype(auto) { return (d.settings.upper_threshold); };
constexpr auto lower = [](auto& d) -> decltype(auto) { return (d.settings.lower_threshold); };
constexpr auto active = [](auto& d) -> decltype(auto) { return (d.counters.active_connections); };
constexpr auto inactive = [](auto& d) -> decltype(auto) { return (d.counters.inactive_connections); };
constexpr auto persistent = [](auto& d) -> decltype(auto) { return (d.counters.persistent_connections); };
}  // namespace destination_field

namespace daemon_field {
constexpr auto state = [](auto& d) -> decltype(auto) { return (d.state); };
constexpr auto interface = [](auto& d) -> decltype(auto) { return (d.interface); };
constexpr auto sync_id = [](auto& d) -> decltype(auto) { return (d.sync_id); };
constexpr auto max_length = [](auto& d) -> decltype(auto) { return (d.max_length); };
constexpr auto port = [](auto& d) -> decltype(auto) { return (d.port); };
constexpr auto ttl = [](auto& d) -> decltype(auto) { return (d.ttl); };
}  // namespace daemon_field

namespace timeout_field {
constexpr auto tcp = [](auto& t) -> decltype(auto) { return (t.tcp_s); };
constexpr auto tcp_fin = [](auto& t) -> decltype(auto) { return (t.tcp_fin_s); };
constexpr auto udp = [](auto& t) -> decltype(auto) { return (t.udp_s); };
}  // namespace timeout_field

using U8 = std::uint8_t;
using U16 = std::uint16_t;
using U32 = std::uint32_t;

bool with_engine(const ServiceRecord& service) {
  return !service.settings.persistence_engine.empty();
}

template <auto field>
bool not_zero(const Timeouts& timeouts) {
  return field(timeouts) != 0;
}

}  // namespace

std::span<const Row<ServiceRecord>> service_rows() {
  using S = ServiceRecord;
  using namespace service_field;
  static const Row<S> rows[] = {
      service_family(),
      number<S, U32, Order::Host, fwmark>(IPVS_SVC_ATTR_FWMARK, Use::Identity, by_mark),
      number<S, U16, Order::Host, protocol>(IPVS_SVC_ATTR_PROTOCOL, Use::Identity, by_address),
      service_address(),
      number<S, U16, Order::Network, port>(IPVS_SVC_ATTR_PORT, Use::Identity, by_address),
      text<S, scheduler>(IPVS_SVC_ATTR_SCHED_NAME, Use::Settings),
      text<S, engine>(IPVS_SVC_ATTR_PE_NAME, Use::Settings, with_engine),
      service_flags(),
      number<S, U32, Order::Host, timeout>(IPVS_SVC_ATTR_TIMEOUT, Use::Settings),
      service_netmask(),
      counters<S>(IPVS_SVC_ATTR_STATS),
      counters<S>(IPVS_SVC_ATTR_STATS64),
  };
  return rows;
}

std::span<const Row<DestinationRecord>> destination_rows() {
  using D = DestinationRecord;
  using namespace destination_field;
  static const Row<D> rows[] = {
      destination_family(),
      destination_address(),
      number<D, U16, Order::Network, port>(IPVS_DEST_ATTR_PORT, Use::Identity),
      number<D, U32, Order::Host, forwarding>(IPVS_DEST_ATTR_FWD_METHOD, Use::Settings),
      number<D, U32, Order::Host, weight>(IPVS_DEST_ATTR_WEIGHT, Use::Settings),
      number<D, U8, Order::Host, tunnel_type>(IPVS_DEST_ATTR_TUN_TYPE, Use::Settings, tunnelled),
      number<D, U16, Order::Network, tunnel_port>(IPVS_DEST_ATTR_TUN_PORT, Use::Settings, tunnelled),
      number<D, U16, Order::Host, tunnel_flags>(IPVS_DEST_ATTR_TUN_FLAGS, Use::Settings, tunnelled),
      number<D, U32, Order::Host, upper>(IPVS_DEST_ATTR_U_THRESH, Use::Settings),
      number<D, U32, Order::Host, lower>(IPVS_DEST_ATTR_L_THRESH, Use::Settings),
      number<D, U32, Order::Host, active>(IPVS_DEST_ATTR_ACTIVE_CONNS, Use::Reading),
      number<D, U32, Order::Host, inactive>(IPVS_DEST_ATTR_INACT_CONNS, Use::Reading),
      number<D, U32, Order::Host, persistent>(IPVS_DEST_ATTR_PERSIST_CONNS, Use::Reading),
      counters<D>(IPVS_DEST_ATTR_STATS),
      counters<D>(IPVS_DEST_ATTR_STATS64),
  };
  return rows;
}

std::span<const Row<SyncDaemon>> sync_daemon_rows() {
  using D = SyncDaemon;
  using namespace daemon_field;
  static const Row<D> rows[] = {
      number<D, U32, Order::Host, state>(IPVS_DAEMON_ATTR_STATE, Use::Identity),
      text<D, interface>(IPVS_DAEMON_ATTR_MCAST_IFN, Use::Settings),
      number<D, U32, Order::Host, sync_id>(IPVS_DAEMON_ATTR_SYNC_ID, Use::Settings),
      optional_number<U16, max_length>(IPVS_DAEMON_ATTR_SYNC_MAXLEN),
      optional_number<U16, port>(IPVS_DAEMON_ATTR_MCAST_PORT),
      optional_number<U8, ttl>(IPVS_DAEMON_ATTR_MCAST_TTL),
      sync_group(IPVS_DAEMON_ATTR_MCAST_GROUP, kWithGroup4),
      sync_group(IPVS_DAEMON_ATTR_MCAST_GROUP6, kWithGroup6),
  };
  return rows;
}

std::span<const Row<Timeouts>> timeout_rows() {
  using T = Timeouts;
  using namespace timeout_field;
  static const Row<T> rows[] = {
      number<T, U32, Order::Host, tcp>(IPVS_CMD_ATTR_TIMEOUT_TCP, Use::Settings, not_zero<tcp>),
      number<T, U32, Order::Host, tcp_fin>(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, Use::Settings, not_zero<tcp_fin>),
      number<T, U32, Order::Host, udp>(IPVS_CMD_ATTR_TIMEOUT_UDP, Use::Settings, not_zero<udp>),
  };
  return rows;
}

}  // namespace holdfast::ipvs
