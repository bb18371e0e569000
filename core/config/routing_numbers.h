// Puts numbers in place of the names in routes and rules that only files of this machine know: tables, protocols, scopes,
// realms, DS fields, groups, IP protocols. Core does it to the tree that it sends, because a child opens no file; a name that
// is not known stays, and the child leaves its line out (machine_routes.h has reported it). Tables of VRFs are asked of the
// kernel by the child.
#pragma once

#include "core/config/machine.h"
#include "core/config/node.h"

namespace holdfast::config {

void number_routing_names(Tree& tree, const Machine& machine);

/// An option whose value may be such a name, and what messages call it.
struct NamedOption {
  std::string_view keyword, what;
  NameTable table;
};
/// Null for other options.
const NamedOption* named_option(std::string_view word);

/// Where global_defs says that the files lie.
RouteNameFolders route_name_folders(const Tree& tree);

}  // namespace holdfast::config
