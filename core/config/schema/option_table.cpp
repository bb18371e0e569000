#include "core/config/schema/option_table.h"

#include <algorithm>

#include "core/config/schema/entries.h"

namespace holdfast::config {

const TakenOption* LineOptions::find(std::string_view word) const {
  const auto found = std::find_if(taken_.rbegin(), taken_.rend(),
                                  [&](const TakenOption& option) { return node_->words[option.at] == word; });
  return found == taken_.rend() ? nullptr : &*found;
}

Node option_line(const Node& node, std::size_t option, std::size_t value) {
  Node line;
  line.words = {node.words[option], node.words[value]};
  line.at = location_of(node, option);
  line.columns = {line.at.column, location_of(node, value).column};
  return line;
}

std::optional<std::size_t> value_index(const Node& node, std::size_t at, const std::vector<std::string_view>& before,
                                       const std::string& expected, Diagnostics& diagnostics) {
  std::size_t value = at + 1;
  while (value + 1 < node.words.size() && std::find(before.begin(), before.end(), node.words[value]) != before.end()) {
    ++value;
  }
  if (mandatory_word(node, value, expected, diagnostics) == nullptr) return std::nullopt;
  return value;
}

Option documented(std::string keyword, Shape shape, std::string doc, std::string since) {
  Option made;
  made.keyword = std::move(keyword);
  made.doc = std::move(doc);
  made.expects = std::move(shape.expects);
  made.form = std::move(shape.form);
  made.since = std::move(since);
  return made;
}

OptionTable::OptionTable(std::string path, std::string doc, std::vector<Option> options)
    : path_(std::move(path)), doc_(std::move(doc)), options_(std::move(options)) {
  for (const Option& option : options_) {
    if (!option.read) continue;
    index_.emplace(option.keyword, &option);
    words_.push_back(option.keyword);
  }
}

const Option* OptionTable::find(std::string_view word) const {
  const auto found = index_.find(word);
  return found == index_.end() ? nullptr : found->second;
}

std::vector<const OptionTable*> option_tables() {
  std::vector<const OptionTable*> all{&address_entry_table()};
  all.insert(all.end(), {&route_entry_table(), &nexthop_table(), &encap_table(), &rule_entry_table()});
  for (const TrackKind kind : kTrackKinds) all.push_back(&track_table(kind));
  all.push_back(&unicast_peer_table());
  return all;
}

}  // namespace holdfast::config
