#include "vrrp/io/routing_message.h"

#include "core/netlink/route_message.h"
#include "core/netlink/rule_message.h"

namespace holdfast::vrrp {

namespace {

netlink::RouteAdd manner_of(RoutingOrder order) {
  switch (order) {
    case RoutingOrder::Append:
      return netlink::RouteAdd::Append;
    case RoutingOrder::Exclusive:
      return netlink::RouteAdd::Exclusive;
    case RoutingOrder::Replace:
      return netlink::RouteAdd::Replace;
    case RoutingOrder::Prepend:
      break;
  }
  return netlink::RouteAdd::Prepend;
}

}  // namespace

Bytes routing_message(bool adding, const RoutingEntry& entry, std::uint32_t sequence) {
  if (const auto* rule = std::get_if<RuleSpec>(&entry.object)) {
    return adding ? netlink::add_rule(*rule, sequence) : netlink::remove_rule(*rule, sequence);
  }
  const RouteSpec& route = std::get<RouteSpec>(entry.object);
  return adding ? netlink::add_route(route, manner_of(entry.order), sequence) : netlink::remove_route(route, sequence);
}

std::optional<RoutingObject> object_of_removal(ByteView message) {
  const netlink::ReceivedBatch batch = netlink::parse(message);
  if (batch.malformed > 0 || batch.messages.size() != 1) return std::nullopt;
  const auto& body = batch.messages.front().body;
  if (const auto* route = std::get_if<netlink::RouteMessage>(&body); route != nullptr && route->removed) {
    return route->route;
  }
  if (const auto* rule = std::get_if<netlink::RuleMessage>(&body); rule != nullptr && rule->removed) return rule->rule;
  return std::nullopt;
}

}  // namespace holdfast::vrrp
