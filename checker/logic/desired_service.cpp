#include "checker/logic/desired_service.h"

#include <algorithm>
#include <array>

namespace holdfast::checker {

namespace {

IpAddress later(const IpAddress& first, std::uint32_t by) {
  if (first.is_v4()) return IpAddress::v4(first.v4_value() + by);
  std::array<std::uint8_t, 16> octets{};
  const ByteView bytes = first.bytes();
  std::copy(bytes.begin(), bytes.end(), octets.begin());
  std::uint32_t carry = by;
  for (std::size_t at = octets.size(); at-- > 0 && carry > 0;) {
    carry += octets[at];
    octets[at] = static_cast<std::uint8_t>(carry & 0xffU);
    carry >>= 8;
  }
  return IpAddress::v6(octets);
}

ipvs::ServiceKey mark_key(std::uint32_t mark, Family family) {
  ipvs::ServiceKey key;
  key.family = family;
  key.fwmark = mark;
  key.address = IpAddress::any(family);
  return key;
}

ipvs::ServiceKey address_key(const IpAddress& address, std::uint16_t port, config::Protocol protocol) {
  ipvs::ServiceKey key;
  key.family = address.family();
  key.protocol = static_cast<ipvs::Protocol>(protocol);
  key.address = address;
  key.port = port;
  return key;
}

ipvs::DestinationSettings with_method(const config::ForwardingMethod& method, int weight) {
  ipvs::DestinationSettings d;
  d.weight = weight;
  switch (method.kind) {
    case config::Forwarding::Nat:
      d.forwarding = ipvs::Forwarding::Masquerade;
      break;
    case config::Forwarding::DirectRoute:
      d.forwarding = ipvs::Forwarding::DirectRoute;
      break;
    case config::Forwarding::Tunnel:
      d.forwarding = ipvs::Forwarding::Tunnel;
      d.tunnel_type = static_cast<std::uint8_t>(method.tunnel_type);
      d.tunnel_port = method.tunnel_port;
      d.tunnel_flags = static_cast<std::uint16_t>(method.tunnel_checksum);
      break;
  }
  return d;
}

}  // namespace

std::vector<ipvs::ServiceKey> service_keys(const config::VirtualServer& service,
                                           const config::VirtualServerGroup* group) {
  if (service.fwmark) return {mark_key(*service.fwmark, service.family)};
  if (service.address) return {address_key(*service.address, service.port, service.protocol)};
  std::vector<ipvs::ServiceKey> keys;
  if (group == nullptr) return keys;
  for (const config::GroupEntry& entry : group->entries) {
    if (entry.fwmark) {
      keys.push_back(mark_key(*entry.fwmark, entry.family));
      continue;
    }
    for (std::uint32_t i = 0; i < entry.count; ++i)
      keys.push_back(address_key(later(entry.first, i), entry.port, service.protocol));
  }
  return keys;
}

std::vector<ipvs::ServiceKey> marked_keys(const config::VirtualServerGroup& group, std::uint32_t mark) {
  std::vector<ipvs::ServiceKey> keys;
  for (const Family family : {Family::IPv4, Family::IPv6}) {
    const bool has = std::ranges::any_of(
        group.entries, [family](const config::GroupEntry& entry) { return entry.first.family() == family; });
    if (has) keys.push_back(mark_key(mark, family));
  }
  return keys;
}

ipvs::ServiceSettings service_settings(const config::VirtualServer& service) {
  ipvs::ServiceSettings s;
  s.scheduler = service.scheduler;
  if (service.one_packet) s.flags |= ipvs::service_flag::kOnePacket;
  if (service.scheduler_flags & 1U) s.flags |= ipvs::service_flag::kScheduler1;
  if (service.scheduler_flags & 2U) s.flags |= ipvs::service_flag::kScheduler2;
  if (service.scheduler_flags & 4U) s.flags |= ipvs::service_flag::kScheduler3;
  if (service.persistence_timeout_s > 0) {
    s.flags |= ipvs::service_flag::kPersistent;
    s.persistence_timeout_s = service.persistence_timeout_s;
  }
  const std::uint32_t host = service.family == Family::IPv4 ? 0xffffffffU : 128U;
  s.netmask = service.persistence_granularity.value_or(host);
  s.persistence_engine = service.persistence_engine;
  return s;
}

ipvs::DestinationSettings destination_settings(const config::RealServer& server, int weight) {
  ipvs::DestinationSettings d = with_method(server.method, weight);
  d.upper_threshold = server.upper_threshold;
  d.lower_threshold = server.lower_threshold;
  return d;
}

ipvs::DestinationSettings destination_settings(const config::SorryServer& server, int weight) {
  return with_method(server.method, weight);
}

ipvs::Timeouts timeouts(const config::LvsTimeouts& timeouts) {
  return {timeouts.tcp_s.value_or(0), timeouts.tcp_fin_s.value_or(0), timeouts.udp_s.value_or(0)};
}

std::vector<ipvs::SyncDaemon> sync_daemons(const config::LvsSyncDaemon& daemon, std::optional<bool> instance_active,
                                           std::uint8_t virtual_router_id) {
  ipvs::SyncDaemon one;
  one.interface = daemon.interface;
  one.sync_id = daemon.id.value_or(daemon.vrrp_instance.empty() ? 0 : virtual_router_id);
  one.max_length = daemon.max_length;
  one.port = daemon.port;
  one.ttl = daemon.ttl;
  one.group = daemon.group;
  using State = ipvs::SyncDaemon::State;
  if (!daemon.vrrp_instance.empty()) {
    if (!instance_active) return {};  // vrrp has not said anything yet
    one.state = *instance_active ? State::Master : State::Backup;
    return {one};
  }
  ipvs::SyncDaemon other = one;
  other.state = State::Backup;
  return {one, other};
}

}  // namespace holdfast::checker
