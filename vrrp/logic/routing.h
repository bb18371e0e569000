// Routes and rules as the engine handles them: alike. Lines of the configuration with their interfaces resolved become
// entries; a key says which entries and facts of the kernel can be about the same thing, fits() whether they are. Pure.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/base/routing.h"
#include "core/config/schema/routing_lines.h"

namespace holdfast::vrrp {

class LinkTable;

using RoutingObject = std::variant<RouteSpec, RuleSpec>;

/// How it takes its place among others of its key.
enum class RoutingOrder : std::uint8_t { Prepend, Append, Exclusive, Replace };

struct RoutingEntry {
  RoutingObject object;
  std::string text;  ///< the words of the configuration
  RoutingOrder order = RoutingOrder::Prepend;
  bool tracked = true;
  bool operator==(const RoutingEntry&) const = default;
};

inline bool is_route(const RoutingEntry& entry) {
  return std::holds_alternative<RouteSpec>(entry.object);
}
/// "route" or "rule".
const char* noun_of(const RoutingEntry& entry);

/// Routes: family, table, destination, source prefix, type of service, metric. Rules: family, preference, table.
std::string routing_key(const RoutingObject& object);

/// Of two with one key: what the kernel has is what was wanted. Of routes metrics, scopes and encapsulations are not looked
/// at, and an interface that was not named may be any.
bool fits(const RoutingObject& wanted, const RoutingObject& found);

/// Routes, then rules. What is not usable, and what names an interface that does not exist now, is left out.
std::vector<RoutingEntry> resolve_routing(const std::vector<config::Route>& routes,
                                          const std::vector<config::Rule>& rules, const LinkTable& links);

/// The interfaces that it matches on.
std::vector<std::string> interfaces_of(const config::Rule& rule);
/// All interfaces that the lines name.
std::vector<std::string> interfaces_of(const std::vector<config::Route>& routes);

}  // namespace holdfast::vrrp
