// Routes and rules for the tests of vrrp/logic.
#pragma once

#include <string>
#include <vector>

#include "core/base/text.h"
#include "core/config/schema/entries.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/routing.h"

namespace holdfast::vrrp {

inline config::Node routing_line(const std::string& text) {
  config::Node node;
  node.words = split_words(text);
  return node;
}
inline config::Route route_line(const std::string& text) {
  config::Diagnostics diagnostics;
  return config::read_route(routing_line(text), config::EntryPlace::Static, diagnostics).value();
}
inline config::Rule rule_line(const std::string& text) {
  config::Diagnostics diagnostics;
  return config::read_rule(routing_line(text), config::EntryPlace::Static, diagnostics).value();
}
/// eth0 (2) and eth1 (3).
inline LinkTable two_links() {
  LinkTable links;
  links.link_changed({2, "eth0", true, false, {}, 1500});
  links.link_changed({3, "eth1", true, false, {}, 1500});
  return links;
}
inline RoutingEntry route(const std::string& text) {
  return resolve_routing({route_line(text)}, {}, two_links()).at(0);
}
inline RoutingEntry rule(const std::string& text) {
  return resolve_routing({}, {rule_line(text)}, two_links()).at(0);
}

}  // namespace holdfast::vrrp
