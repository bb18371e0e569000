// Short ways to write tables, and random ones from a seed.
#pragma once

#include <random>
#include <string>

#include "ipvs_wrapper/logic/model.h"

namespace holdfast::test {

inline IpAddress ip(const std::string& text) {
  return *IpAddress::parse(text);
}

inline ipvs::ServiceKey tcp(const std::string& text, std::uint16_t port = 80) {
  const IpAddress where = ip(text);
  return {where.family(), 0, ipvs::Protocol::Tcp, where, port};
}

inline ipvs::ServiceKey mark(std::uint32_t number, Family family = Family::IPv4) {
  ipvs::ServiceKey key;
  key.family = family;
  key.fwmark = number;
  return key;
}

inline ipvs::DestinationSettings weight(int value) {
  ipvs::DestinationSettings settings;
  settings.weight = value;
  return settings;
}

inline ipvs::DestinationSettings tunnel(std::uint8_t type, std::uint16_t port = 0, std::uint16_t flags = 0) {
  ipvs::DestinationSettings settings;
  settings.forwarding = ipvs::Forwarding::Tunnel;
  settings.tunnel_type = type;
  settings.tunnel_port = port;
  settings.tunnel_flags = flags;
  return settings;
}

/// Destinations 10.1.0.1 and up, all with port 80.
inline ipvs::Service service_with(const std::vector<int>& weights) {
  ipvs::Service service;
  unsigned last = 0;
  for (const int value : weights) service.destinations[{IpAddress::v4(0x0a010000U + ++last), 80}] = weight(value);
  return service;
}

/// Few keys and few values, so that two tables meet often. Everything the kernel takes, nothing that it refuses.
class RandomTables {
 public:
  explicit RandomTables(unsigned seed) : random_(seed) {}

  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  ipvs::ServiceKey key() {
    const bool v6 = below(3) == 0;
    if (below(4) == 0) return mark(1 + below(2), v6 ? Family::IPv6 : Family::IPv4);
    ipvs::ServiceKey result = tcp((v6 ? "fd00::" : "10.0.0.") + std::to_string(1 + below(3)));
    if (below(2) == 0) result.protocol = ipvs::Protocol::Udp;
    return result;
  }

  ipvs::Service service(const ipvs::ServiceKey& key) {
    ipvs::Service result;
    result.settings.scheduler = below(2) == 0 ? "rr" : "wlc";
    if (below(2) == 0) result.settings.flags = ipvs::service_flag::kPersistent;
    result.settings.persistence_timeout_s = below(2) * 300;  // without effect unless persistent
    result.settings.netmask = key.family == Family::IPv6 ? 64 + 64 * below(2) : 0xffffff00U + 0xffU * below(2);
    for (unsigned count = below(5); count > 0; --count) result.destinations[destination(key)] = settings();
    return result;
  }

  ipvs::Table table() {
    ipvs::Table result;
    for (unsigned count = below(7); count > 0; --count) {
      const ipvs::ServiceKey where = key();
      result[where] = service(where);
    }
    return result;
  }

 private:
  ipvs::DestinationKey destination(const ipvs::ServiceKey& key) {
    const char* net = key.family == Family::IPv6 ? "fd01::" : "10.1.0.";
    return {ip(net + std::to_string(1 + below(4))), static_cast<std::uint16_t>(80 + below(2))};
  }

  ipvs::DestinationSettings settings() {
    ipvs::DestinationSettings result = below(3) == 0 ? tunnel(static_cast<std::uint8_t>(below(3)), 6080) : weight(1);
    result.weight = static_cast<int>(below(3));
    result.upper_threshold = below(2) * 10;
    return result;
  }

  std::mt19937 random_;
};

}  // namespace holdfast::test
