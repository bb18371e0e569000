#include "vrrp/dump_routing.h"

#include <array>
#include <fmt/format.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

namespace holdfast::vrrp {

namespace {

/// Words with blanks between them.
class Words {
 public:
  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    if (!text_.empty()) text_ += ' ';
    text_ += fmt::format(format, std::forward<Values>(values)...);
  }
  void add_if(bool said, const char* word) {
    if (said) add("{}", word);
  }
  template <class Value>
  void add_value(const char* word, const std::optional<Value>& value) {
    if (value) add("{} {}", word, *value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::optional<std::string> text_of(const std::optional<IpAddress>& address) {
  return address ? std::optional(address->text()) : std::nullopt;
}

std::string realms_text(std::uint32_t realms) {
  if (realms >> 16 == 0) return std::to_string(realms);
  return fmt::format("{}/{}", realms >> 16, realms & 0xffff);
}

// ---- routes ------------------------------------------------------------------------------------------------------------

bool leads_nowhere(const RouteSpec& route) {
  return route.type >= RTN_BLACKHOLE && route.type <= RTN_THROW;
}

const char* order_word(const config::Route& route) {
  if (route.order == config::RouteOrder::Append) return "append";
  return route.order == config::RouteOrder::Exclusive || leads_nowhere(route.spec) ? "add" : "prepend";
}

const char* type_word(std::uint8_t type) {
  static constexpr std::array words{"unspec",    "unicast",     "local",    "broadcast", "anycast", "multicast",
                                    "blackhole", "unreachable", "prohibit", "throw",     "nat",     "xresolve"};
  return type < words.size() ? words[type] : "unknown";
}

void add_encapsulation(const Encapsulation& wrap, Words& words) {
  switch (wrap.kind) {
    case Encapsulation::Kind::None:
      return;
    case Encapsulation::Kind::Mpls:
      return words.add("encap mpls {}", fmt::join(wrap.labels, "/"));
    case Encapsulation::Kind::Ila:
      return words.add("encap ila {:x}:{:x}:{:x}:{:x}", wrap.locator >> 48, wrap.locator >> 32 & 0xffff,
                       wrap.locator >> 16 & 0xffff, wrap.locator & 0xffff);
    case Encapsulation::Kind::Ip:
    case Encapsulation::Kind::Ip6:
      break;
  }
  const bool four = wrap.kind == Encapsulation::Kind::Ip;
  words.add("encap {}", four ? "ip" : "ip6");
  words.add_value("id", wrap.id);
  words.add_value("dst", text_of(wrap.destination));
  words.add_value("src", text_of(wrap.source));
  words.add_value(four ? "tos" : "tc", wrap.tos);
  words.add_value(four ? "ttl" : "hoplimit", wrap.ttl);
  if (wrap.flags) words.add("flags 0x{:x}", *wrap.flags);
}

void add_gateway(const RouteHop& hop, Words& words) {
  if (hop.gateway) words.add("via {} {}", hop.gateway->is_v4() ? "inet" : "inet6", hop.gateway->text());
}

void add_metrics(const RouteMetrics& metrics, Words& words) {
  struct Metric {
    std::uint8_t number;
    const char* word;
    unsigned divisor;  ///< of a time in milliseconds; 0 = no time
  };
  static constexpr std::array<Metric, 14> order{{{RTAX_RTT, "rtt", 8},
                                                 {RTAX_RTTVAR, "rttvar", 4},
                                                 {RTAX_RTO_MIN, "rto_min", 1},
                                                 {RTAX_MTU, "mtu", 0},
                                                 {RTAX_WINDOW, "window", 0},
                                                 {RTAX_SSTHRESH, "ssthresh", 0},
                                                 {RTAX_CWND, "cwnd", 0},
                                                 {RTAX_ADVMSS, "advmss", 0},
                                                 {RTAX_REORDERING, "reordering", 0},
                                                 {RTAX_HOPLIMIT, "hoplimit", 0},
                                                 {RTAX_INITCWND, "initcwnd", 0},
                                                 {RTAX_INITRWND, "initrwnd", 0},
                                                 {RTAX_QUICKACK, "quickack", 0},
                                                 {RTAX_FASTOPEN_NO_COOKIE, "fastopen_no_cookie", 0}}};
  const auto lock = [&](unsigned number) { return (metrics.locked >> number & 1U) != 0 ? " lock" : ""; };
  if (!metrics.congestion_control.empty()) {
    words.add("congctl{} {}", lock(RTAX_CC_ALGO), metrics.congestion_control);
  }
  for (const Metric& metric : order) {
    const auto found = metrics.values.find(metric.number);
    if (found == metrics.values.end()) continue;
    const bool time = metric.divisor != 0;
    // The lock of rto_min is no choice.
    const char* locked = metric.number == RTAX_RTO_MIN ? "" : lock(metric.number);
    words.add("{}{} {}{}", metric.word, locked, time ? found->second / metric.divisor : found->second,
              time ? "ms" : "");
  }
  words.add_if(metrics.values.contains(RTAX_FEATURES), "features ecn");
}

void add_hops(const config::Route& route, Words& words) {
  for (std::size_t i = 0; i < route.spec.hops.size(); ++i) {
    const RouteHop& hop = route.spec.hops[i];
    words.add("nexthop");
    add_encapsulation(hop.encapsulation, words);
    add_gateway(hop, words);
    if (!route.devices[i].empty()) words.add("dev {}", route.devices[i]);
    if (hop.weight != 1) words.add("weight {}", hop.weight);
    words.add_if(hop.onlink, "onlink");
    if (hop.realms) words.add("realms {}", realms_text(*hop.realms));
  }
}

// ---- rules -------------------------------------------------------------------------------------------------------------

std::optional<std::string> range_text(const std::optional<RuleSpec::Range>& range) {
  return range ? std::optional(fmt::format("{}-{}", range->first, range->second)) : std::nullopt;
}

void add_action(const RuleSpec& rule, Words& words) {
  if (rule.l3mdev) return words.add("l3mdev");
  switch (rule.action) {
    case FR_ACT_GOTO:
      return words.add("goto {}", rule.jump.value_or(0));
    case FR_ACT_NOP:
      return words.add("nop");
    case FR_ACT_BLACKHOLE:
      return words.add("type blackhole");
    case FR_ACT_UNREACHABLE:
      return words.add("type unreachable");
    case FR_ACT_PROHIBIT:
      return words.add("type prohibit");
    default:
      return words.add("lookup {}", rule.table);
  }
}

}  // namespace

std::string route_text(const config::Route& route) {
  const RouteSpec& spec = route.spec;
  const bool single = spec.hops.size() == 1;
  const RouteHop hop = single ? spec.hops.front() : RouteHop{};
  Words words;
  words.add("{}", order_word(route));
  if (spec.type != RTN_UNICAST) words.add("{}", type_word(spec.type));
  words.add("{}", spec.destination.text());
  if (spec.from) words.add("from {}", spec.from->text());
  add_encapsulation(hop.encapsulation, words);
  add_gateway(hop, words);
  words.add_value("src", text_of(spec.source));
  if (spec.tos != 0) words.add("tos {}", spec.tos);
  if (single && !route.devices.front().empty()) words.add("dev {}", route.devices.front());
  if (spec.table != RT_TABLE_MAIN) words.add("table {}", spec.table);
  words.add("proto {}", spec.protocol);
  const std::uint32_t usual_metric = spec.family() == Family::IPv6 ? 1024 : 0;
  if (spec.metric != usual_metric) words.add("metric {}", spec.metric);
  if (hop.realms) words.add("realms {}", realms_text(*hop.realms));
  words.add_if(hop.onlink, "onlink");
  add_metrics(spec.metrics, words);
  if (spec.expires_s) words.add("expires {}sec", *spec.expires_s);
  if (spec.preference) {
    words.add("pref {}", *spec.preference == 3 ? "low" : *spec.preference == 1 ? "high" : "medium");
  }
  if (spec.ttl_propagate) words.add("ttl-propagate {}", *spec.ttl_propagate != 0 ? "enabled" : "disabled");
  if (!single) add_hops(route, words);
  words.add_if(route.no_track, "no_track");
  return words.take();
}

std::string rule_text(const config::Rule& rule) {
  const RuleSpec& spec = rule.spec;
  Words words;
  words.add_if(spec.inverted, "not");
  words.add("from {}", spec.from ? spec.from->text() : "all");
  if (spec.to) words.add("to {}", spec.to->text());
  words.add("priority {}", spec.preference);
  words.add("tos 0x{:x}", spec.tos);
  if (spec.mark) words.add("fwmark 0x{:x}/0x{:x}", *spec.mark, spec.mask.value_or(0xffffffff));
  if (!spec.input_interface.empty()) words.add("iif {}", spec.input_interface);
  if (!spec.output_interface.empty()) words.add("oif {}", spec.output_interface);
  words.add_value("suppress_prefixlen", spec.suppress_prefix_length);
  words.add_value("suppress_ifgroup", spec.suppress_group);
  words.add_value("tunnel-id", spec.tunnel);
  words.add_value("uidrange", range_text(spec.users));
  words.add("protocol {}", spec.protocol);
  words.add_value("ipproto", spec.ip_protocol);
  words.add_value("sport", range_text(spec.source_ports));
  words.add_value("dport", range_text(spec.destination_ports));
  if (spec.realms) words.add("realms {}", realms_text(*spec.realms));
  add_action(spec, words);
  words.add_if(rule.no_track, "no_track");
  return words.take();
}

std::vector<std::string> route_texts(const std::vector<config::Route>& routes) {
  std::vector<std::string> texts;
  for (const config::Route& route : routes) texts.push_back(route_text(route));
  return texts;
}

std::vector<std::string> rule_texts(const std::vector<config::Rule>& rules) {
  std::vector<std::string> texts;
  for (const config::Rule& rule : rules) texts.push_back(rule_text(rule));
  return texts;
}

}  // namespace holdfast::vrrp
