// What cannot be with nftables_ipvs: its table under the name of that of no_accept, and real servers that a firewall mark cannot
// tell apart. Called by interpret after the last block.
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

/// An impossible nftables_ipvs is taken out (reported): groups are then served by their addresses.
void lint_marks(const Tree& tree, Context& context);

}  // namespace holdfast::config
