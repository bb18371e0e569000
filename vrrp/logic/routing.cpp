#include "vrrp/logic/routing.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "core/base/text.h"
#include "vrrp/logic/link_table.h"

namespace holdfast::vrrp {

namespace {

constexpr std::uint8_t kBlackhole = 6, kThrow = 9;  // RTN_BLACKHOLE, UNREACHABLE, PROHIBIT, THROW

bool same_hop(const RouteHop& wanted, const RouteHop& found) {
  if (wanted.gateway != found.gateway || wanted.weight != found.weight) return false;
  return wanted.interface_index == 0 || wanted.interface_index == found.interface_index;
}

/// In any order: the kernel keeps its own for IPv6.
bool same_hops(const std::vector<RouteHop>& wanted, std::vector<RouteHop> found) {
  if (wanted.size() != found.size()) return false;
  for (const RouteHop& hop : wanted) {
    const auto same = std::ranges::find_if(found, [&](const RouteHop& other) { return same_hop(hop, other); });
    if (same == found.end()) return false;
    found.erase(same);
  }
  return true;
}

bool fits(const RouteSpec& wanted, const RouteSpec& found) {
  if (wanted.type != found.type || wanted.protocol != found.protocol || wanted.source != found.source) return false;
  const bool leads_nowhere = wanted.type >= kBlackhole && wanted.type <= kThrow;
  return leads_nowhere || same_hops(wanted.hops, found.hops);
}

/// As the kernel tells it: what is 0 is left out.
RuleSpec told(RuleSpec rule) {
  for (auto* number : {&rule.mark, &rule.mask, &rule.realms, &rule.jump}) {
    if (*number == 0U) number->reset();
  }
  if (rule.tunnel == 0U) rule.tunnel.reset();
  if (rule.ip_protocol == 0U) rule.ip_protocol.reset();
  return rule;
}

bool fits(const RuleSpec& wanted, const RuleSpec& found) {
  RuleSpec like_found = told(wanted);
  if (found.protocol == 0) like_found.protocol = 0;  // kernels before 4.17 do not keep it
  return like_found == told(found);
}

std::string key_of(const RouteSpec& route) {
  return fmt::format("{} {} {} {} {}", route.table, route.destination.text(), route.from ? route.from->text() : "",
                     route.tos, route.metric);
}

std::string key_of(const RuleSpec& rule) {
  return fmt::format("rule {} {} {}", rule.family == Family::IPv4 ? 4 : 6, rule.preference, rule.table);
}

RoutingOrder order_of(config::RouteOrder order) {
  switch (order) {
    case config::RouteOrder::Append:
      return RoutingOrder::Append;
    case config::RouteOrder::Exclusive:
      return RoutingOrder::Exclusive;
    case config::RouteOrder::Prepend:
      break;
  }
  return RoutingOrder::Prepend;
}

std::optional<RouteSpec> resolve(const config::Route& route, const LinkTable& links) {
  if (!route.usable) return std::nullopt;
  RouteSpec spec = route.spec;
  for (std::size_t i = 0; i < spec.hops.size() && i < route.devices.size(); ++i) {
    if (route.devices[i].empty()) continue;
    const LinkChanged* link = links.by_name(route.devices[i]);
    if (link == nullptr) return std::nullopt;
    spec.hops[i].interface_index = link->index;
  }
  if (route.vrf.empty()) return spec;
  const LinkChanged* vrf = links.by_name(route.vrf);
  if (vrf == nullptr || vrf->vrf_table == 0) return std::nullopt;
  spec.table = vrf->vrf_table;
  return spec;
}

}  // namespace

const char* noun_of(const RoutingEntry& entry) {
  return is_route(entry) ? "route" : "rule";
}

std::string routing_key(const RoutingObject& object) {
  return std::visit([](const auto& spec) { return key_of(spec); }, object);
}

bool fits(const RoutingObject& wanted, const RoutingObject& found) {
  if (wanted.index() != found.index()) return false;
  if (const auto* route = std::get_if<RouteSpec>(&wanted)) return fits(*route, std::get<RouteSpec>(found));
  return fits(std::get<RuleSpec>(wanted), std::get<RuleSpec>(found));
}

std::vector<RoutingEntry> resolve_routing(const std::vector<config::Route>& routes,
                                          const std::vector<config::Rule>& rules, const LinkTable& links) {
  std::vector<RoutingEntry> entries;
  for (const config::Route& route : routes) {
    auto spec = resolve(route, links);
    if (spec) entries.push_back({std::move(*spec), join(route.words, " "), order_of(route.order), !route.no_track});
  }
  for (const config::Rule& rule : rules) {
    if (rule.usable) entries.push_back({rule.spec, join(rule.words, " "), RoutingOrder::Prepend, !rule.no_track});
  }
  return entries;
}

std::vector<std::string> interfaces_of(const config::Rule& rule) {
  std::vector<std::string> names;
  for (const std::string& name : {rule.spec.input_interface, rule.spec.output_interface}) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> interfaces_of(const std::vector<config::Route>& routes) {
  std::vector<std::string> names;
  for (const config::Route& route : routes) {
    for (const std::string& device : route.devices) {
      if (!device.empty()) names.push_back(device);
    }
    if (!route.vrf.empty()) names.push_back(route.vrf);
  }
  return names;
}

}  // namespace holdfast::vrrp
