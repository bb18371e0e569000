// strict_mode and vrrp_strict (behaviour.md d.13): what an instance may not have under them is corrected, with a message
// for each. Called by lint.cpp for each instance, before its other values are settled. Absent: the filtering of traffic
// to the addresses, which is the vrrp process's.
#pragma once

#include "core/config/block_lines.h"
#include "core/config/context.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

/// Whether global_defs of the tree sets vrrp_strict; the last such line counts.
bool strict_by_default(const Tree& tree);

/// Corrects the draft, whose version and role are settled.
void settle_strict(InstanceDraft& draft, const BlockLines& lines, Context& context);

}  // namespace holdfast::config
