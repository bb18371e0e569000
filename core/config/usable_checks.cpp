#include "core/config/usable_checks.h"

#include <unordered_set>

namespace holdfast::config {

namespace {

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

}  // namespace

void drop_unusable_checks(Tree& part, const Config& usable) {
  const std::unordered_set<std::uint64_t> commands = usable_commands(usable);
  for (Node& root : part.roots) {
    if (root.words.empty() || root.words.front() != "virtual_server") continue;
    for (Node& real : root.children) {
      std::erase_if(real.children, [&](const Node& line) {
        return line.words.front() == "MISC_CHECK" && !commands.contains(key(line.at));
      });
    }
  }
}

}  // namespace holdfast::config
