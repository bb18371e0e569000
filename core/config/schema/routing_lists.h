// Blocks of addresses, routes and rules, whole: each line is read by itself (entries.h), one that cannot be used is left out.
// Used by the schemas of the root and of vrrp_instance.
#pragma once

#include <string>
#include <vector>

#include "core/config/schema/entries.h"

namespace holdfast::config {

void read_addresses(const Node& block, std::vector<VirtualAddress>& list, Diagnostics& diagnostics);
void read_routes(const Node& block, EntryPlace place, std::vector<Route>& list, Diagnostics& diagnostics);
void read_rules(const Node& block, EntryPlace place, std::vector<Rule>& list, Diagnostics& diagnostics);

/// Nothing is written of an empty list.
void write_addresses(const std::string& keyword, const std::vector<VirtualAddress>& list, std::vector<Node>& lines);
void write_routes(const std::string& keyword, const std::vector<Route>& list, std::vector<Node>& lines);
void write_rules(const std::string& keyword, const std::vector<Rule>& list, std::vector<Node>& lines);

}  // namespace holdfast::config
