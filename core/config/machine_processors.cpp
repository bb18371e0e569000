#include "core/config/machine_processors.h"

#include <charconv>
#include <fmt/format.h>
#include <vector>

#include "core/config/codec.h"

namespace holdfast::config {
namespace {

/// "vrrp" of vrrp_cpu_affinity; empty for another keyword.
std::string process_of(const std::string& keyword) {
  constexpr std::string_view kEnd = "_cpu_affinity";
  return keyword.ends_with(kEnd) ? keyword.substr(0, keyword.size() - kEnd.size()) : "";
}

}  // namespace

void lint_processors(const Machine& machine, const Tree& tree, Config& config, Diagnostics& diagnostics) {
  const int count = machine.processors();
  for (const Node& root : tree.roots) {
    if (root.words.front() != "global_defs") continue;
    for (const Node& line : root.children) {
      const std::string process = process_of(line.words.front());
      if (process.empty()) continue;
      for (std::size_t at = 1; at < line.words.size(); ++at) {
        const std::string& word = line.words[at];
        int number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc{} || end != word.data() + word.size() || number < count) continue;  // or reported before
        diagnostics.error(location_of(line, at),
                          fmt::format("Invalid cpu_id:{} specified for {} process", word, process),
                          fmt::format("a processor of this machine, 0..{}", count - 1));
      }
    }
  }
  const auto is_missing = [count](int number) { return number >= count; };
  std::erase_if(config.global_defs.vrrp_cpu_affinity, is_missing);
  std::erase_if(config.global_defs.checker_cpu_affinity, is_missing);
}

}  // namespace holdfast::config
