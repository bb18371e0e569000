#include "core/config/machine_scopes.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/config/codec.h"
#include "core/config/schema/entries.h"

namespace holdfast::config {

namespace {

constexpr std::uint32_t kMostScope = 255;

bool lists_addresses(const Node& node) {
  const std::string& keyword = node.words.front();
  return keyword == "virtual_ipaddress" || keyword == "virtual_ipaddress_excluded" || keyword == "static_ipaddress";
}

/// The word that names a scope which no number is known for without the machine; 0 = none.
std::size_t named_scope(const Node& line, EntryPlace place) {
  if (std::ranges::find(line.words, "scope") == line.words.end()) return 0;
  Diagnostics said_before;
  const auto entry = read_address_entry(line, place, said_before);
  if (!entry || entry->details->scope_name.empty()) return 0;
  for (std::size_t at = line.words.size() - 1; at > 1; --at) {
    if (line.words[at - 1] == "scope" && line.words[at] == entry->details->scope_name) return at;
  }
  return 0;
}

/// Calls `use` with each line whose scope has a name of that kind, and the word.
template <class Nodes, class Use>
void each_in_list(Nodes& list, EntryPlace place, Use use) {
  if (!lists_addresses(list)) return;
  for (auto& line : list.children) {
    if (const std::size_t word = named_scope(line, place); word != 0) use(line, word);
  }
}

template <class AnyTree, class Use>
void each_named_scope(AnyTree& tree, Use use) {
  for (auto& root : tree.roots) {
    each_in_list(root, EntryPlace::Static, use);
    if (root.words.front() != "vrrp_instance") continue;
    for (auto& list : root.children) each_in_list(list, EntryPlace::Instance, use);
  }
}

std::optional<std::uint32_t> number_of(RouteNames& names, const std::string& name) {
  const auto number = names.find(NameTable::Scopes, name);
  return number && *number <= kMostScope ? number : std::nullopt;
}

}  // namespace

void lint_scopes_on(RouteNames& names, const Tree& tree, Diagnostics& diagnostics) {
  each_named_scope(tree, [&](const Node& line, std::size_t word) {
    if (number_of(names, line.words[word])) return;
    diagnostics.error(location_of(line, word), fmt::format("Invalid scope '{}'", line.words[word]),
                      "0..255, " + names.examples(NameTable::Scopes));
  });
}

void number_scopes(RouteNames& names, Tree& tree) {
  each_named_scope(tree, [&](Node& line, std::size_t word) {
    if (const auto number = number_of(names, line.words[word])) line.words[word] = std::to_string(*number);
  });
}

}  // namespace holdfast::config
