#include "core/config/lint_marks.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <unordered_set>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

Location place_of(const Tree& tree) {
  Location at;
  for (const Node& root : tree.roots) {
    if (root.words.empty() || root.words.front() != "global_defs") continue;
    const BlockLines lines(root);
    if (lines.has("nftables_ipvs")) at = lines.at("nftables_ipvs");
  }
  return at;
}

bool only_addresses(const VirtualServerGroup& group) {
  return std::ranges::none_of(group.entries, [](const GroupEntry& entry) { return entry.fwmark.has_value(); });
}

/// The kernel knows the destinations of a mark by their address.
void check_servers(const VirtualServer& server, Diagnostics& diagnostics) {
  std::set<IpAddress> seen;
  for (const RealServer& real : server.real_servers) {
    if (seen.insert(real.address).second) continue;
    diagnostics.advise(real.at,
                       fmt::format("VS {}: real server {} is not used: with nftables_ipvs the group is one service by "
                                   "firewall mark, in which the kernel knows an address once",
                                   describe(server), describe(real, server)),
                       "an address for each real server, or no nftables_ipvs");
  }
}

}  // namespace

void lint_marks(const Tree& tree, Context& context) {
  GlobalDefs& globals = context.config.global_defs;
  if (!globals.marks.wanted()) return;
  const bool other_table = globals.firewall.nftables || !context.config.vrrp_instances.empty();
  if (other_table && globals.marks.table() == globals.firewall.table()) {
    context.diagnostics.advise(place_of(tree),
                               fmt::format("nftables and nftables_ipvs name the same table {} - ignoring nftables_ipvs",
                                           globals.marks.table()),
                               fmt::format("another name, as {}", kMarksTable));
    globals.marks.nftables.reset();
    return;
  }
  std::unordered_set<std::string_view> marked;
  for (const VirtualServerGroup& group : context.config.virtual_server_groups) {
    if (only_addresses(group)) marked.insert(group.name);
  }
  for (const VirtualServer& server : context.config.virtual_servers) {
    if (!server.group.empty() && marked.contains(server.group)) check_servers(server, context.diagnostics);
  }
}

}  // namespace holdfast::config
