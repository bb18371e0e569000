// Routes and rules as keepalived's dumps show them (2.2.7): every value that is not the default, in its order of words.
#pragma once

#include <string>
#include <vector>

#include "core/config/schema/routing_lines.h"

namespace holdfast::vrrp {

std::string route_text(const config::Route& route);
std::string rule_text(const config::Rule& rule);
std::vector<std::string> route_texts(const std::vector<config::Route>& routes);
std::vector<std::string> rule_texts(const std::vector<config::Rule>& rules);

}  // namespace holdfast::vrrp
