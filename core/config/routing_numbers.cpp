#include "core/config/routing_numbers.h"

#include <algorithm>
#include <array>

#include "core/config/block_lines.h"
#include "core/config/machine_scopes.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kMostNumber = 4294967295;
constexpr std::array<NamedOption, 11> kNamed{{{"table", "routing table", NameTable::Tables},
                                              {"lookup", "routing table", NameTable::Tables},
                                              {"protocol", "routing protocol", NameTable::Protocols},
                                              {"scope", "scope", NameTable::Scopes},
                                              {"realms", "realm", NameTable::Realms},
                                              {"tos", "DS field", NameTable::DsFields},
                                              {"dsfield", "DS field", NameTable::DsFields},
                                              {"tc", "DS field", NameTable::DsFields},
                                              {"suppress_ifgroup", "interface group", NameTable::Groups},
                                              {"sup_group", "interface group", NameTable::Groups},
                                              {"group", "interface group", NameTable::Groups}}};

class Numbering {
 public:
  Numbering(const Tree& tree, const Machine& machine) : machine_(machine), names_(machine, route_name_folders(tree)) {}

  void block(Node& list, EntryPlace place) {
    const std::string& keyword = list.words.front();
    const bool routes = keyword == "virtual_routes" || keyword == "static_routes";
    if (!routes && keyword != "virtual_rules" && keyword != "static_rules") return;
    for (Node& entry : list.children) {
      Diagnostics said_before;
      const auto options =
          routes ? read_route_entry(entry, place, said_before) : read_rule_entry(entry, place, said_before);
      if (options) line(entry, *options);
    }
  }

 private:
  void line(Node& entry, const LineOptions& options) {
    std::vector<std::pair<std::size_t, std::string>> changes;
    for (const TakenOption& option : options.all()) {
      const bool inner = options.word(option) == "nexthop" || options.word(option) == "encap";
      const std::size_t first = inner ? option.at + 1 : option.at;
      for (std::size_t at = first; at + 1 < option.next; ++at) {
        if (auto number = numbered(entry.words[at], entry.words[at + 1])) changes.emplace_back(at + 1, *number);
      }
    }
    for (auto& [at, number] : changes) entry.words[at] = std::move(number);
  }

  std::optional<std::string> numbered(const std::string& keyword, const std::string& word) {
    if (keyword == "ipproto") {
      if (small_number(word, kMostNumber)) return std::nullopt;
      const auto number = machine_.ip_protocol(word);
      return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    const NamedOption* option = named_option(keyword);
    if (option == nullptr) return std::nullopt;
    const std::size_t slash = option->table == NameTable::Realms ? word.find('/') : std::string::npos;
    const auto first = number(option->table, word.substr(0, slash));
    if (slash == std::string::npos || !first) return first;
    const auto second = number(option->table, word.substr(slash + 1));
    return second ? std::optional(*first + "/" + *second) : std::nullopt;
  }

  std::optional<std::string> number(NameTable table, const std::string& name) {
    if (small_number(name, kMostNumber)) return name;
    const auto found = names_.find(table, name);
    return found ? std::optional(std::to_string(*found)) : std::nullopt;
  }

  const Machine& machine_;
  RouteNames names_;
};

}  // namespace

const NamedOption* named_option(std::string_view word) {
  const auto found =
      std::find_if(kNamed.begin(), kNamed.end(), [&](const NamedOption& option) { return option.keyword == word; });
  return found == kNamed.end() ? nullptr : &*found;
}

RouteNameFolders route_name_folders(const Tree& tree) {
  RouteNameFolders folders;
  for (const Node& root : tree.roots) {
    if (root.words.front() != "global_defs") continue;
    const BlockLines lines(root);
    const Node* shipped = lines.find("iproute_usr_dir");
    const Node* own = lines.find("iproute_etc_dir");
    if (shipped != nullptr && shipped->words.size() > 1) folders.shipped = {shipped->words[1]};
    if (own != nullptr && own->words.size() > 1) folders.own = own->words[1];
  }
  return folders;
}

void number_routing_names(Tree& tree, const Machine& machine) {
  RouteNames names(machine, route_name_folders(tree));
  number_scopes(names, tree);
  Numbering numbering(tree, machine);
  for (Node& root : tree.roots) {
    numbering.block(root, EntryPlace::Static);
    if (root.words.front() != "vrrp_instance") continue;
    for (Node& list : root.children) numbering.block(list, EntryPlace::Instance);
  }
}

}  // namespace holdfast::config
