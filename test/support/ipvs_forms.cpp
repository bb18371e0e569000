#include "test/support/ipvs_forms.h"

namespace holdfast::ipvs {

IpAddress address(const std::string& text) {
  return *IpAddress::parse(text);
}

ServiceKey service_at(const std::string& text, std::uint16_t port, Protocol protocol) {
  const IpAddress where = address(text);
  return {where.family(), 0, protocol, where, port};
}

ServiceKey mark(std::uint32_t number, Family family) {
  ServiceKey key;
  key.family = family;
  key.fwmark = number;
  return key;
}

DestinationSettings weighted(Forwarding forwarding, int weight) {
  DestinationSettings settings;
  settings.forwarding = forwarding;
  settings.weight = weight;
  return settings;
}

DestinationSettings tunnel(std::uint8_t type, std::uint16_t port, std::uint16_t flags) {
  DestinationSettings settings = weighted(Forwarding::Tunnel, 5);
  settings.tunnel_type = type;
  settings.tunnel_port = port;
  settings.tunnel_flags = flags;
  return settings;
}

Table destinations() {
  Table table;
  Service& four = table[service_at("10.0.0.4", 80)];
  four.destinations[{address("10.1.0.1"), 80}] = weighted(Forwarding::Masquerade, 1);
  four.destinations[{address("10.1.0.1"), 81}] = weighted(Forwarding::Masquerade, 65535);
  four.destinations[{address("10.1.0.2"), 80}] = weighted(Forwarding::DirectRoute, 0);
  four.destinations[{address("10.1.0.3"), 80}] = tunnel(0, 0, 0);
  four.destinations[{address("10.1.0.4"), 80}] = tunnel(1, 6080, 0);
  four.destinations[{address("10.1.0.5"), 80}] = tunnel(1, 6081, 1);
  four.destinations[{address("10.1.0.6"), 80}] = tunnel(1, 6082, 2);
  four.destinations[{address("10.1.0.7"), 80}] = tunnel(2, 0, 0);
  four.destinations[{address("10.1.0.8"), 80}] = tunnel(2, 0, 1);
  DestinationSettings limited = weighted(Forwarding::Masquerade, 3);
  limited.upper_threshold = 100000;
  limited.lower_threshold = 7;
  four.destinations[{address("10.1.0.9"), 8080}] = limited;
  Service& six = table[service_at("fd00::4", 80)];
  six.settings.netmask = 128;
  six.destinations[{address("fd00:1::1"), 80}] = limited;
  six.destinations[{address("fd00:1::2"), 80}] = weighted(Forwarding::DirectRoute, 2);
  six.destinations[{address("fd00:1::3"), 80}] = tunnel(0, 0, 0);
  six.destinations[{address("10.1.0.1"), 80}] = tunnel(0, 0, 0);
  four.destinations[{address("fd00:1::3"), 80}] = tunnel(0, 0, 0);
  return table;
}

namespace {

Table schedulers() {
  Table table;
  std::uint16_t port = 1000;
  for (const char* name : {"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"}) {
    for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp}) {
      for (const char* where : {"10.0.0.1", "fd00::1"}) {
        table[service_at(where, ++port, protocol)].settings.scheduler = name;
      }
    }
  }
  return table;
}

Table flags() {
  Table table;
  std::uint16_t port = 2000;
  const auto add = [&](std::uint32_t flag, std::uint32_t timeout, std::uint32_t netmask4, std::uint32_t netmask6) {
    ++port;
    for (const char* where : {"10.0.0.2", "fd00::2"}) {
      Service& service =
          table[service_at(where, port, flag == service_flag::kOnePacket ? Protocol::Udp : Protocol::Tcp)];
      service.settings = {"sh", flag, timeout, where[0] == 'f' ? netmask6 : netmask4, ""};
    }
  };
  for (std::uint32_t flag = 0; flag < 8; ++flag) add(flag << 3, 0, 0xffffffff, 128);
  add(service_flag::kOnePacket, 0, 0xffffffff, 128);
  add(service_flag::kPersistent, 360, 0xffffffff, 128);
  add(service_flag::kPersistent, 50, 0xffffff00, 64);
  add(service_flag::kPersistent | service_flag::kScheduler2, 1, 0xff000000, 1);
  Service& sip = table[service_at("10.0.0.3", 5060, Protocol::Udp)];
  sip.settings = {"wlc", service_flag::kPersistent, 360, 0xffffffff, "sip"};
  return table;
}

Table marks() {
  Table table;
  Service& four = table[mark(7, Family::IPv4)];
  four.destinations[{address("10.1.0.1"), 0}] = weighted(Forwarding::DirectRoute, 1);
  four.destinations[{address("10.1.0.2"), 8080}] = weighted(Forwarding::Masquerade, 1);
  Service& six = table[mark(7, Family::IPv6)];
  six.settings.netmask = 128;
  six.destinations[{address("fd00:1::1"), 0}] = weighted(Forwarding::DirectRoute, 1);
  table[mark(0xffffffff, Family::IPv4)].settings.scheduler = "rr";
  table[service_at("10.0.0.5", 0)].settings = {"wlc", service_flag::kPersistent, 360, 0xffffffff, ""};
  return table;
}

}  // namespace

Table every_form() {
  Table table;
  for (const Table& part : {schedulers(), flags(), destinations(), marks()}) table.insert(part.begin(), part.end());
  return table;
}

Table many(unsigned services, unsigned destinations) {
  Table table;
  for (unsigned i = 0; i < services; ++i) {
    const IpAddress where = IpAddress::v4(0x0a000000U + i);
    Service& service = table[{Family::IPv4, 0, Protocol::Tcp, where, 80}];
    service.settings.scheduler = "rr";
    for (unsigned j = 0; j < destinations; ++j) {
      service.destinations[{IpAddress::v4(0x0b000000U + i * destinations + j), 80}] =
          weighted(Forwarding::DirectRoute, 1);
    }
  }
  return table;
}

}  // namespace holdfast::ipvs
