#include "ipvs_wrapper/logic/normal.h"

namespace holdfast::ipvs {

namespace {

constexpr std::uint8_t kIpip = 0;
constexpr std::uint8_t kGre = 2;

std::uint32_t netmask_of_a_host(Family family) {
  return family == Family::IPv4 ? 0xffffffffU : 128U;
}

}  // namespace

ServiceKey normal(const ServiceKey& key) {
  if (key.fwmark != 0) return {key.family, key.fwmark, Protocol::Tcp, IpAddress(), 0};
  ServiceKey result = key;
  result.family = key.address.family();
  return result;
}

ServiceSettings normal(const ServiceSettings& settings, Family family) {
  ServiceSettings result = settings;
  result.flags &= ~service_flag::kHashed;
  const bool persistent = (result.flags & service_flag::kPersistent) != 0;
  if (!persistent) result.persistence_timeout_s = 0;
  if (!persistent || result.netmask == 0) result.netmask = netmask_of_a_host(family);
  return result;
}

DestinationSettings normal(const DestinationSettings& settings) {
  DestinationSettings result = settings;
  if (result.forwarding != Forwarding::Tunnel) result.tunnel_type = kIpip;
  if (result.tunnel_type == kIpip) result.tunnel_flags = 0;
  if (result.tunnel_type == kIpip || result.tunnel_type == kGre) result.tunnel_port = 0;
  return result;
}

Service normal(const ServiceKey& key, const Service& service) {
  Service result;
  result.settings = normal(service.settings, normal(key).family);
  for (const auto& [destination, settings] : service.destinations) {
    const bool repeated = key.fwmark != 0 && !result.destinations.empty() &&
                          result.destinations.rbegin()->first.address == destination.address;
    if (!repeated) result.destinations.emplace_hint(result.destinations.end(), destination, normal(settings));
  }
  return result;
}

Table normal(const Table& table) {
  Table result;
  for (const auto& [key, service] : table) result.emplace(normal(key), normal(key, service));
  return result;
}

bool serves(const SyncDaemon& running, const SyncDaemon& wanted) {
  const auto fits = [](const auto& found, const auto& asked) { return !asked || found == asked; };
  return running.state == wanted.state && running.interface == wanted.interface && running.sync_id == wanted.sync_id &&
         fits(running.max_length, wanted.max_length) && fits(running.port, wanted.port) &&
         fits(running.ttl, wanted.ttl) && fits(running.group, wanted.group);
}

}  // namespace holdfast::ipvs
