// What groups of instances forbid their members: weights of trackers beside the group, the same thing tracked by both, and
// trackers of a group whose weights an owner cannot follow (behaviour.md d.11); and which track_group a static entry names.
// Called by interpret() after check_groups. Linear in the number of lines.
#pragma once

#include "core/config/context.h"
#include "core/config/tracker_weights.h"

namespace holdfast::config {

void lint_groups(const Tree& tree, const TrackerWeights& weights, Context& context);

/// " (weight 10, from line 7)": for messages about a weight that stands in the definition; "" when the tracker's line says it.
std::string origin_of(const TrackerWeights::Weight& weight);

}  // namespace holdfast::config
