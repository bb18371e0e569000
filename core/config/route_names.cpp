#include "core/config/route_names.h"

#include <limits>

#include "core/config/machine.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kExamples = 5;

/// What `ip` knows without any file.
std::map<std::string, std::uint32_t, std::less<>> builtin(NameTable table) {
  switch (table) {
    case NameTable::Tables:
      return {{"default", 253}, {"main", 254}, {"local", 255}};
    case NameTable::Protocols:
      return {{"none", 0},   {"redirect", 1}, {"kernel", 2},      {"boot", 3},   {"static", 4},    {"gated", 8},
              {"ra", 9},     {"mrt", 10},     {"zebra", 11},      {"bird", 12},  {"dnrouted", 13}, {"xorp", 14},
              {"ntk", 15},   {"dhcp", 16},    {"keepalived", 18}, {"babel", 42}, {"bgp", 186},     {"isis", 187},
              {"ospf", 188}, {"rip", 189},    {"eigrp", 192}};
    case NameTable::Scopes:
      return {{"global", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}};
    case NameTable::Realms:
      return {{"unknown", 0}};
    case NameTable::DsFields:
      return {{"0", 0}};
    case NameTable::Groups:
      return {{"default", 0}};
  }
  return {};
}

std::string_view take_word(std::string_view& line) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return line = {};
  const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

}  // namespace

std::optional<std::uint32_t> builtin_route_name(NameTable table, const std::string& name) {
  const auto names = builtin(table);
  const auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::string_view file_of(NameTable table) {
  switch (table) {
    case NameTable::Tables:
      return "rt_tables";
    case NameTable::Protocols:
      return "rt_protos";
    case NameTable::Scopes:
      return "rt_scopes";
    case NameTable::Realms:
      return "rt_realms";
    case NameTable::DsFields:
      return "rt_dsfield";
    case NameTable::Groups:
      return "group";
  }
  return "";
}

void read_route_names(std::string_view text, std::map<std::string, std::uint32_t, std::less<>>& names) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const auto number = small_number(take_word(line), std::numeric_limits<std::uint32_t>::max());
    const std::string_view name = take_word(line);
    if (number && !name.empty()) names[std::string(name)] = static_cast<std::uint32_t>(*number);
  }
}

RouteNames::RouteNames(const Machine& machine, RouteNameFolders folders)
    : machine_(machine), folders_(std::move(folders)) {}

const RouteNames::Names& RouteNames::names(NameTable table) {
  const auto [known, is_new] = read_.try_emplace(table);
  if (!is_new) return known->second;
  known->second = builtin(table);
  for (const std::string& text : machine_.route_name_files(std::string(file_of(table)), folders_)) {
    read_route_names(text, known->second);
  }
  return known->second;
}

std::optional<std::uint32_t> RouteNames::find(NameTable table, const std::string& name) {
  const Names& all = names(table);
  const auto found = all.find(name);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

std::string RouteNames::examples(NameTable table) {
  std::string list;
  std::size_t count = 0;
  for (const auto& [name, number] : names(table)) {
    if (++count > kExamples) break;
    list += name + ", ";
  }
  return list + "or another name in " + folders_.own + "/" + std::string(file_of(table));
}

}  // namespace holdfast::config
