#include "core/config/schema/routing_lists.h"

#include <utility>

namespace holdfast::config {

namespace {

/// One line of `keyword`'s block for each of the list.
template <class T, class Line>
void write_list(const std::string& keyword, const std::vector<T>& list, std::vector<Node>& lines, Line line) {
  if (list.empty()) return;
  Node block = made_node(keyword);
  block.block = true;
  for (const T& entry : list) block.children.push_back(line(entry));
  lines.push_back(std::move(block));
}

template <class T>
Node words_of(const T& entry) {
  Node line = made_node(entry.words.front(), {entry.words.begin() + 1, entry.words.end()});
  line.at = entry.at;
  return line;
}

}  // namespace

void read_addresses(const Node& block, std::vector<VirtualAddress>& list, Diagnostics& diagnostics) {
  check_no_blocks(block, diagnostics);
  for (const Node& line : block.children) {
    const std::size_t before = diagnostics.list().size();
    auto entry = read_address_entry(line, EntryPlace::Static, diagnostics);
    if (entry && !has_errors_since(diagnostics, before)) list.push_back(std::move(*entry));
  }
}

void read_routes(const Node& block, EntryPlace place, std::vector<Route>& list, Diagnostics& diagnostics) {
  check_no_blocks(block, diagnostics);
  for (const Node& line : block.children) {
    if (auto route = read_route(line, place, diagnostics)) list.push_back(std::move(*route));
  }
}

void read_rules(const Node& block, EntryPlace place, std::vector<Rule>& list, Diagnostics& diagnostics) {
  check_no_blocks(block, diagnostics);
  for (const Node& line : block.children) {
    if (auto rule = read_rule(line, place, diagnostics)) list.push_back(std::move(*rule));
  }
}

void write_addresses(const std::string& keyword, const std::vector<VirtualAddress>& list, std::vector<Node>& lines) {
  write_list(keyword, list, lines, [](const VirtualAddress& entry) { return write_address_entry(entry); });
}

void write_routes(const std::string& keyword, const std::vector<Route>& list, std::vector<Node>& lines) {
  write_list(keyword, list, lines, words_of<Route>);
}

void write_rules(const std::string& keyword, const std::vector<Rule>& list, std::vector<Node>& lines) {
  write_list(keyword, list, lines, words_of<Rule>);
}

}  // namespace holdfast::config
