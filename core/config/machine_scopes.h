// Scopes of addresses that only rt_scopes of this machine knows: whether it does, and their numbers for the children, which
// open no file. Called by lint_machine() and number_routing_names().
#pragma once

#include "core/config/diagnostic.h"
#include "core/config/node.h"
#include "core/config/route_names.h"

namespace holdfast::config {

/// Reports each scope that is neither a number nor a name; its address is used with the scope it has without one.
void lint_scopes_on(RouteNames& names, const Tree& tree, Diagnostics& diagnostics);
/// Puts numbers in place of the names that are known.
void number_scopes(RouteNames& names, Tree& tree);

}  // namespace holdfast::config
