// What is valid in one instance and works otherwise than most people think (users_and_peers.md themes 8 and 12), and the
// settings that go for nothing beside others, with keepalived's messages. Each says what will happen and what to write
// instead. Called by lint.cpp when the instance is complete.
#pragma once

#include "core/config/block_lines.h"
#include "core/config/context.h"
#include "core/config/schema/schemas.h"
#include "core/config/tracker_weights.h"

namespace holdfast::config {

void advise_on_instance(const InstanceDraft& draft, const BlockLines& lines, const TrackerWeights& weights,
                        Context& context);

}  // namespace holdfast::config
