#include "core/config/usable_checks.h"

#include <string_view>
#include <unordered_set>

#include "core/config/packed.h"

namespace holdfast::config {

namespace {

constexpr std::string_view kCommandCheck = "MISC_CHECK";

std::uint64_t key(const Location& at) {
  return std::uint64_t{at.file} << 48 | std::uint64_t{at.column} << 32 | at.line;
}

std::unordered_set<std::uint64_t> usable_commands(const Config& usable) {
  std::unordered_set<std::uint64_t> places;
  for (const VirtualServer& server : usable.virtual_servers) {
    for (const RealServer& real : server.real_servers) {
      for (const Check& check : real.checks) {
        if (std::holds_alternative<MiscCheck>(*check.kind)) places.insert(key(check.at));
      }
    }
  }
  return places;
}

}  // namespace

void drop_unusable_checks(Tree& part, const Config& usable) {
  const std::unordered_set<std::uint64_t> commands = usable_commands(usable);
  std::vector<Node> servers;
  for (Node& root : part.roots) {
    if (root.packed->words.find(kCommandCheck) == std::string::npos || !unpack(root.packed, servers)) continue;
    std::size_t dropped = 0;
    for (Node& real : servers) {
      dropped += std::erase_if(real.children, [&](const Node& line) {
        return line.words.front() == kCommandCheck && !commands.contains(key(line.at));
      });
    }
    if (dropped > 0) root.packed = packed(servers);
  }
}

}  // namespace holdfast::config
