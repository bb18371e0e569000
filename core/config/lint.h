// From what an instance's block said to what it means: defaults of global_defs copied in, conflicts between settings
// resolved with a message each, and the checks across instances (behaviour.md d.2, d.3, d.13). Called by interpret();
// the checks that must ask the machine are in machine.h.
#pragma once

#include "core/config/context.h"
#include "core/config/schema/schemas.h"
#include "core/config/tracker_weights.h"

namespace holdfast::config {

/// What a vrrp_instance starts with when its block opens: the global defaults read so far (behaviour.md a.1).
InstanceDraft begin_instance(const Config& config, const Node& node);

/// The draft that says explicitly all that a final instance is; for write().
InstanceDraft draft_of(const VrrpInstance& instance);

/// After the last line: completes every draft and moves those that can run into context.config.
void finish_instances(const Tree& tree, const TrackerWeights& weights, Context& context);

/// After finish_instances: groups that name instances that do not exist, or too few (behaviour.md d.11).
void finish_groups(Context& context);

}  // namespace holdfast::config
