// What the words of one route or rule must agree in: families, one action, its order, what can be tracked (keepalived
// 2.2.7 refuses or changes such lines with a message each). Called by check_route_entry and check_rule_entry when every
// word of the line was understood. Absent: whether the machine knows the names and interfaces in it (machine_routes.h),
// and whether its track_group exists (lint_groups.h).
#pragma once

#include "core/config/diagnostic.h"
#include "core/config/schema/option_table.h"

namespace holdfast::config {

void lint_route(const LineOptions& route, Diagnostics& diagnostics);
void lint_rule(const LineOptions& rule, Diagnostics& diagnostics);

}  // namespace holdfast::config
