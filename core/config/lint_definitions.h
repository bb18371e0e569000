// Blocks that define something others name, or stand for themselves, whose lines do not fit together: processes to watch,
// BFD sessions, groups of interfaces for gratuitous ARPs, and the interfaces that use_vmac and use_ipvlan make (keepalived
// 2.2.7 drops or changes such blocks with a message each). Works on the tree, for most of it is not used in this version.
// Called by interpret().
#pragma once

#include "core/config/context.h"

namespace holdfast::config {

void lint_definitions(const Tree& tree, Context& context);

/// Parts of the above, one for each kind of block.
void lint_track_processes(const Tree& tree, Diagnostics& diagnostics);
void lint_bfd_instances(const Tree& tree, Diagnostics& diagnostics);
void lint_garp_groups(const Tree& tree, Diagnostics& diagnostics);
void lint_made_interfaces(const Tree& tree, const Context& context, Diagnostics& diagnostics);

}  // namespace holdfast::config
