#include "core/config/schema/routing_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <linux/icmpv6.h>
#include <linux/rtnetlink.h>

#include "core/config/schema/option_table.h"
#include "core/config/schema/routing_words.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kMost = kMostRoutingNumber;
constexpr std::uint32_t kIpv6Metric = 1024;  // IP6_RT_PRIO_USER, what the kernel makes of 0
constexpr std::size_t kMostHops = 128;

// ---- words to numbers --------------------------------------------------------------------------------------------------

/// Milliseconds times `scale`, or a number as the kernel wants it (iproute2's rtt, rttvar).
std::uint32_t time_in(const std::string& word, double scale) {
  const double number = std::strtod(word.c_str(), nullptr);
  const double value = word.ends_with("ms") ? number * scale : word.ends_with('s') ? number * 1000 * scale : number;
  return static_cast<std::uint32_t>(std::min(std::round(value), static_cast<double>(kMost)));
}

struct TypeName {
  std::string_view word;
  std::uint8_t type;
};
constexpr std::array<TypeName, 11> kTypes{{{"unicast", RTN_UNICAST},
                                           {"local", RTN_LOCAL},
                                           {"broadcast", RTN_BROADCAST},
                                           {"anycast", RTN_ANYCAST},
                                           {"multicast", RTN_MULTICAST},
                                           {"blackhole", RTN_BLACKHOLE},
                                           {"unreachable", RTN_UNREACHABLE},
                                           {"prohibit", RTN_PROHIBIT},
                                           {"throw", RTN_THROW},
                                           {"nat", RTN_NAT},
                                           {"xresolve", RTN_XRESOLVE}}};

std::optional<std::uint8_t> type_in(const std::string& word) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return t.word == word; });
  if (found != kTypes.end()) return found->type;
  const auto number = small_number(word, 255);
  return number ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

// ---- routes ------------------------------------------------------------------------------------------------------------

class RouteReader {
 public:
  explicit RouteReader(const LineOptions& line) : line_(line), node_(line.node()) {}

  Route read() {
    route_.words = node_.words;
    route_.at = node_.at;
    if (!line_.destination) {
      route_.usable = false;
      return route_;
    }
    read_front();
    for (const TakenOption& option : line_.all()) {
      if (!read_path(option) && !read_metric(option)) read_manner(option);
    }
    finish();
    return route_;
  }

 private:
  void read_front() {
    const std::size_t place = *line_.destination;
    if (place == 1 || (place > 1 && node_.words[place - 2] == "to")) {
      if (const auto type = type_in(node_.words[place - 1])) route_.spec.type = *type;
    }
    const std::string& word = node_.words[place];
    if (word == "default" || word == "default6") {
      const bool six = word == "default6" || speaks_ipv6();
      route_.spec.destination = {IpAddress::any(six ? Family::IPv6 : Family::IPv4), 0};
    } else if (const auto prefix = IpPrefix::parse(word)) {
      route_.spec.destination = network_of(*prefix);
    }
  }

  /// Of `default`: an address, or inet6, says which.
  bool speaks_ipv6() const {
    return std::ranges::any_of(line_.all(), [&](const TakenOption& option) {
      for (std::size_t at = option.at; at < option.next; ++at) {
        const auto prefix = IpPrefix::parse(node_.words[at]);
        if (node_.words[at] == "inet6" || (prefix && prefix->address.family() == Family::IPv6)) return true;
      }
      return false;
    });
  }

  bool read_path(const TakenOption& option) {
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    RouteSpec& spec = route_.spec;
    if (word == "via" || word == "gw")
      hop_.gateway = IpAddress::parse(value);
    else if (word == "or")
      second_ = IpAddress::parse(value);
    else if (word == "dev" || word == "oif")
      device_ = value;
    else if (word == "src")
      spec.source = IpAddress::parse(value);
    else if (word == "from") {
      if (const auto prefix = IpPrefix::parse(value)) spec.from = network_of(*prefix);
    } else if (word == "vrf")
      route_.vrf = value;
    else if (word == "onlink")
      hop_.onlink = true;
    else if (word == "encap")
      hop_.encapsulation = encapsulation(option.at, option.next);
    else if (word == "nexthop")
      read_hops(option);
    else if (word == "realms")
      hop_.realms = known(realms_in(value));
    else if (word == "table")
      table_ = known(number_in(value, NameTable::Tables));
    else if (word == "scope")
      scope_ = known(number_in(value, NameTable::Scopes));
    else if (word == "metric" || word == "priority" || word == "preference")
      spec.metric = *known(number_in(value, NameTable::Realms));
    else if (word == "tos" || word == "dsfield")
      spec.tos = static_cast<std::uint8_t>(*known(number_in(value, NameTable::DsFields)));
    else if (word == "protocol")
      spec.protocol = static_cast<std::uint8_t>(*known(number_in(value, NameTable::Protocols)));
    else
      return false;
    return true;
  }

  bool read_metric(const TakenOption& option) {
    struct Metric {
      std::string_view word;
      std::uint8_t number;
    };
    static constexpr std::array<Metric, 12> plain{{{"mtu", RTAX_MTU},
                                                   {"hoplimit", RTAX_HOPLIMIT},
                                                   {"advmss", RTAX_ADVMSS},
                                                   {"reordering", RTAX_REORDERING},
                                                   {"window", RTAX_WINDOW},
                                                   {"cwnd", RTAX_CWND},
                                                   {"ssthresh", RTAX_SSTHRESH},
                                                   {"initcwnd", RTAX_INITCWND},
                                                   {"initrwnd", RTAX_INITRWND},
                                                   {"quickack", RTAX_QUICKACK},
                                                   {"fastopen_no_cookie", RTAX_FASTOPEN_NO_COOKIE},
                                                   {"features", RTAX_FEATURES}}};
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    const auto found = std::find_if(plain.begin(), plain.end(), [&](const Metric& m) { return m.word == word; });
    if (found != plain.end() && word == "features") {
      metrics().values[RTAX_FEATURES] = RTAX_FEATURE_ECN;
    } else if (found != plain.end()) {
      set_metric(option, found->number, static_cast<std::uint32_t>(small_number(value, kMost).value_or(0)));
    } else if (word == "rtt") {
      set_metric(option, RTAX_RTT, time_in(value, 8));
    } else if (word == "rttvar") {
      set_metric(option, RTAX_RTTVAR, time_in(value, 4));
    } else if (word == "rto_min") {
      set_metric(option, RTAX_RTO_MIN, time_in(value, 1));
      metrics().locked |= 1U << RTAX_RTO_MIN;
    } else if (word == "congctl") {
      metrics().congestion_control = value;
      if (locked(option)) metrics().locked |= 1U << RTAX_CC_ALGO;
    } else {
      return false;
    }
    return true;
  }

  RouteMetrics& metrics() { return route_.spec.metrics; }
  bool locked(const TakenOption& option) const { return option.next - option.at > 2; }
  void set_metric(const TakenOption& option, std::uint8_t number, std::uint32_t value) {
    metrics().values[number] = value;
    if (locked(option)) metrics().locked |= 1U << number;
  }

  void read_manner(const TakenOption& option) {
    const std::string& word = line_.word(option);
    const std::string& value = line_.value(option);
    if (word == "pref")
      route_.spec.preference = value == "low"    ? ICMPV6_ROUTER_PREF_LOW
                               : value == "high" ? ICMPV6_ROUTER_PREF_HIGH
                                                 : ICMPV6_ROUTER_PREF_MEDIUM;
    else if (word == "expires")
      route_.spec.expires_s = static_cast<std::uint32_t>(small_number(value, kMost).value_or(0));
    else if (word == "ttl-propagate")
      route_.spec.ttl_propagate = value == "enabled";
    else if (word == "add")
      route_.order = RouteOrder::Exclusive;
    else if (word == "append")
      route_.order = RouteOrder::Append;
    else if (word == "prepend")
      route_.order = RouteOrder::Prepend;
    else if (word == "no_track")
      route_.no_track = true;
    else if (word == "track_group")
      route_.track_group = value;
  }

  /// `encap TYPE …` in words from `at`.
  Encapsulation encapsulation(std::size_t at, std::size_t end) {
    Encapsulation made;
    const std::string& type = node_.words[at + 1];
    if (type == "mpls") return mpls(node_.words[at + 2]);
    if (type == "ila") return ila(node_.words[at + 2]);
    made.kind = type == "ip" ? Encapsulation::Kind::Ip : Encapsulation::Kind::Ip6;
    for (std::size_t option = at + 2; option + 1 < end; option += 2) {
      const std::string& word = node_.words[option];
      const std::string& value = node_.words[option + 1];
      const auto number = [&] { return small_number(value, kMost).value_or(0); };
      if (word == "id") made.id = number();
      if (word == "dst") made.destination = IpAddress::parse(value);
      if (word == "src") made.source = IpAddress::parse(value);
      if (word == "tos" || word == "tc") {
        made.tos = static_cast<std::uint8_t>(*known(number_in(value, NameTable::DsFields)));
      }
      if (word == "ttl" || word == "hoplimit") made.ttl = static_cast<std::uint8_t>(number());
      if (word == "flags") made.flags = static_cast<std::uint16_t>(number());
    }
    return made;
  }

  static Encapsulation mpls(const std::string& stack) {
    Encapsulation made;
    made.kind = Encapsulation::Kind::Mpls;
    for (std::size_t from = 0; from <= stack.size();) {
      const std::size_t slash = std::min(stack.find('/', from), stack.size());
      const auto label = small_number(stack.substr(from, slash - from), kMost);
      made.labels.push_back(static_cast<std::uint32_t>(label.value_or(0)));
      from = slash + 1;
    }
    return made;
  }

  static Encapsulation ila(const std::string& locator) {
    Encapsulation made;
    made.kind = Encapsulation::Kind::Ila;
    if (const auto address = IpAddress::parse(locator + "::")) {
      for (const std::uint8_t octet : address->bytes().first(8)) made.locator = made.locator << 8 | octet;
    }
    return made;
  }

  void read_hops(const TakenOption& option) {
    for (std::size_t at = option.at; at < option.next;) {
      if (node_.words[at] == "nexthop") {
        route_.spec.hops.emplace_back();
        route_.devices.emplace_back();
        ++at;
        continue;
      }
      Diagnostics said_before;
      const auto next = nexthop_table().find(node_.words[at])->read(node_, at, said_before);
      if (!next) return;
      read_hop_option(at, *next);
      at = *next;
    }
  }

  void read_hop_option(std::size_t at, std::size_t next) {
    RouteHop& hop = route_.spec.hops.back();
    const std::string& word = node_.words[at];
    const std::string& value = node_.words[next - 1];
    if (word == "via") hop.gateway = IpAddress::parse(value);
    if (word == "dev") route_.devices.back() = value;
    if (word == "weight") hop.weight = static_cast<int>(small_number(value, 256).value_or(1));
    if (word == "onlink") hop.onlink = true;
    if (word == "encap") hop.encapsulation = encapsulation(at, next);
    if (word == "realms") hop.realms = known(realms_in(value));
  }

  std::optional<std::uint32_t> known(std::optional<std::uint32_t> number) {
    if (number) return number;
    route_.usable = false;
    return 0;
  }

  static bool leads_nowhere(std::uint8_t type) {
    return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT || type == RTN_THROW;
  }

  /// As iproute2 does without `scope` (keywords.tsv).
  std::uint8_t usual_scope() const {
    const RouteSpec& spec = route_.spec;
    if (spec.family() == Family::IPv6) return RT_SCOPE_UNIVERSE;
    if (spec.type == RTN_LOCAL || spec.type == RTN_NAT) return RT_SCOPE_HOST;
    if (spec.type == RTN_BROADCAST || spec.type == RTN_MULTICAST || spec.type == RTN_ANYCAST) return RT_SCOPE_LINK;
    const bool gateway = std::ranges::any_of(spec.hops, [](const RouteHop& hop) { return hop.gateway.has_value(); });
    const bool direct = spec.type == RTN_UNICAST && spec.hops.size() < 2 && !gateway &&
                        std::ranges::all_of(spec.hops, [](const RouteHop& hop) {
                          return hop.encapsulation.kind == Encapsulation::Kind::None;
                        });
    return direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  }

  std::uint32_t usual_table() const {
    const std::uint8_t type = route_.spec.type;
    const bool local = type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_NAT || type == RTN_ANYCAST;
    return local ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
  }

  void finish() {
    RouteSpec& spec = route_.spec;
    const bool several = !spec.hops.empty();
    if (!several && !leads_nowhere(spec.type)) {
      spec.hops.push_back(hop_);
      if (second_) spec.hops.push_back(hop_);
      if (second_) spec.hops.back().gateway = second_;
      route_.devices.assign(spec.hops.size(), device_);
    }
    for (std::string& device : route_.devices) {
      if (device.empty()) device = device_;
    }
    spec.scope = scope_ ? static_cast<std::uint8_t>(*scope_) : usual_scope();
    spec.table = table_.value_or(usual_table());
    if (spec.table == 0) spec.table = usual_table();
    if (spec.family() == Family::IPv6 && spec.metric == 0) spec.metric = kIpv6Metric;
    if (spec.hops.size() > kMostHops) route_.usable = false;
    // keepalived knows its own again by the protocol only, and says that it resets it (lint_routes.h).
    if (!route_.no_track) spec.protocol = RTPROT_KEEPALIVED;
    if (spec.expires_s.value_or(0) > 0) route_.no_track = true;
  }

  const LineOptions& line_;
  const Node& node_;
  Route route_;
  RouteHop hop_;
  std::string device_;
  std::optional<IpAddress> second_;
  std::optional<std::uint32_t> table_, scope_;
};

}  // namespace

Route route_of(const LineOptions& line) {
  return RouteReader(line).read();
}

}  // namespace holdfast::config
