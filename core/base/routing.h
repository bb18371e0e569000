// Routes and rules of the kernel as values, with the kernel's numbers (linux/rtnetlink.h, fib_rules.h) and without its message
// format: what a line of the configuration asks for, what an effect orders, what the kernel tells. Absent: names of
// interfaces in routes (a route has their numbers), names of tables and protocols.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ip_address.h"

namespace holdfast {

/// How the packets of a hop are wrapped (lwtunnel.h).
struct Encapsulation {
  enum class Kind : std::uint8_t { None, Mpls, Ip, Ip6, Ila };
  Kind kind = Kind::None;
  std::vector<std::uint32_t> labels;  ///< MPLS, outermost first, each of 20 bits
  std::optional<std::uint64_t> id;    ///< Ip, Ip6
  std::optional<IpAddress> destination, source;
  std::optional<std::uint8_t> tos, ttl;  ///< of Ip6: traffic class, hop limit
  std::optional<std::uint16_t> flags;    ///< TUNNEL_*
  std::uint64_t locator = 0;             ///< Ila
  bool operator==(const Encapsulation&) const = default;
};

struct RouteHop {
  std::optional<IpAddress> gateway;
  std::uint32_t interface_index = 0;  ///< 0 = as the kernel finds
  int weight = 1;                     ///< 1..256
  bool onlink = false;
  std::optional<std::uint32_t> realms;  ///< source in the upper half
  Encapsulation encapsulation;
  bool operator==(const RouteHop&) const = default;
};

struct RouteMetrics {
  std::map<std::uint8_t, std::uint32_t> values;  ///< by RTAX_*
  std::uint32_t locked = 0;                      ///< bit n: RTAX_n must not be changed
  std::string congestion_control;
  bool empty() const { return values.empty() && locked == 0 && congestion_control.empty(); }
  bool operator==(const RouteMetrics&) const = default;
};

struct RouteSpec {
  IpPrefix destination{IpAddress{}, 0};
  std::optional<IpPrefix> from;  ///< IPv6
  std::uint8_t type = 1;         ///< RTN_*; unicast
  std::uint8_t scope = 0;        ///< RT_SCOPE_*; IPv4
  std::uint8_t protocol = 18;    ///< RTPROT_*; keepalived
  std::uint8_t tos = 0;
  std::uint32_t table = 254;  ///< main
  std::uint32_t metric = 0;
  std::optional<IpAddress> source;
  std::vector<RouteHop> hops;  ///< none for blackhole and its like
  RouteMetrics metrics;
  std::optional<std::uint8_t> preference;     ///< ICMPV6_ROUTER_PREF_*
  std::optional<std::uint32_t> expires_s;     ///< IPv6
  std::optional<std::uint8_t> ttl_propagate;  ///< MPLS
  Family family() const { return destination.address.family(); }
  bool operator==(const RouteSpec&) const = default;
};

struct RuleSpec {
  using Range = std::pair<std::uint32_t, std::uint32_t>;  ///< both ends belong to it
  Family family = Family::IPv4;
  std::uint32_t preference = 0;
  std::uint8_t action = 1;  ///< FR_ACT_*; look into a table
  std::uint32_t table = 0;
  bool inverted = false;
  std::optional<IpPrefix> from, to;
  std::uint8_t tos = 0;
  std::optional<std::uint32_t> mark, mask;
  std::string input_interface, output_interface;
  std::optional<std::uint32_t> realms;  ///< source in the upper half
  std::optional<std::uint32_t> suppress_prefix_length, suppress_group;
  std::optional<std::uint32_t> jump;  ///< FR_ACT_GOTO: preference of the rule to go on with
  std::optional<std::uint64_t> tunnel;
  std::optional<Range> users;
  bool l3mdev = false;
  std::uint8_t protocol = 18;  ///< RTPROT_*
  std::optional<std::uint8_t> ip_protocol;
  std::optional<Range> source_ports, destination_ports;
  bool operator==(const RuleSpec&) const = default;
};

}  // namespace holdfast
