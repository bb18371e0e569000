// Lines of virtual_routes, virtual_rules, static_routes and static_rules as values. The words stay with them: they are what
// write() gives back and what logs show. A name that only files of the machine know (a table's, a protocol's) leaves a line
// unusable; core puts numbers in place of names before it sends a tree to a child (routing_numbers.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/routing.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

class LineOptions;

/// How a route takes its place among others with the same destination (NLM_F_*).
enum class RouteOrder : std::uint8_t { Prepend, Append, Exclusive };

struct Route {
  std::vector<std::string> words;
  bool usable = true;
  RouteSpec spec;                    ///< without numbers of interfaces
  std::vector<std::string> devices;  ///< of each of spec.hops; "" = none named
  std::string vrf;                   ///< its table replaces spec.table
  RouteOrder order = RouteOrder::Prepend;
  bool no_track = false;
  std::string track_group;  ///< static ones only
  Origin at;
  bool operator==(const Route&) const = default;
};

struct Rule {
  std::vector<std::string> words;
  bool usable = true;
  RuleSpec spec;
  bool numbered = true;  ///< false: spec.preference is to be found
  bool no_track = false;
  std::string track_group;
  Origin at;
  bool operator==(const Rule&) const = default;
};

/// Of a line whose words were all read; unusable when they do not make a route (reported by lint_routes.h).
Route route_of(const LineOptions& line);
Rule rule_of(const LineOptions& line);

}  // namespace holdfast::config
