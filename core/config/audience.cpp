#include "core/config/audience.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace holdfast::config {

namespace {

constexpr std::array<std::string_view, 6> kRoots{
    "global_defs", "SSL", "track_file", "vrrp_track_file", "virtual_server_group", "virtual_server"};

std::uint64_t key(const Location& at) {
  return std::uint64_t{at.file} << 48 | std::uint64_t{at.column} << 32 | at.line;
}

std::unordered_set<std::uint64_t> usable_commands(const Config& usable) {
  std::unordered_set<std::uint64_t> places;
  for (const VirtualServer& server : usable.virtual_servers) {
    for (const RealServer& real : server.real_servers) {
      for (const Check& check : real.checks) {
        if (std::holds_alternative<MiscCheck>(check.kind)) places.insert(key(check.at));
      }
    }
  }
  return places;
}

bool is_for_checker(const Node& root) {
  if (std::find(kRoots.begin(), kRoots.end(), root.words.front()) != kRoots.end()) return true;
  return root.words.front() == "vrrp_instance" &&
         std::any_of(root.children.begin(), root.children.end(),
                     [](const Node& line) { return line.words.front() == "lvs_sync_daemon_interface"; });
}

}  // namespace

Tree tree_for_checker(const Tree& tree, const Config& usable) {
  const std::unordered_set<std::uint64_t> commands = usable_commands(usable);
  Tree cut;
  cut.files = tree.files;
  for (const Node& root : tree.roots) {
    if (!is_for_checker(root)) continue;
    Node& kept = cut.roots.emplace_back(root);
    if (root.words.front() != "virtual_server") continue;
    for (Node& real : kept.children) {
      std::erase_if(real.children, [&](const Node& line) {
        return line.words.front() == "MISC_CHECK" && !commands.contains(key(line.at));
      });
    }
  }
  return cut;
}

}  // namespace holdfast::config
