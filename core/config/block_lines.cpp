#include "core/config/block_lines.h"

namespace holdfast::config {

BlockLines::BlockLines(const Node& block) : block_(&block) {
  last_.reserve(block.children.size());
  for (const Node& line : block.children) last_[line.words.front()] = &line;
}

const Node* BlockLines::find(std::string_view keyword) const {
  const auto found = last_.find(keyword);
  return found == last_.end() ? nullptr : found->second;
}

Location BlockLines::at(std::string_view keyword) const {
  const Node* line = find(keyword);
  return line == nullptr ? block_->at : line->at;
}

std::optional<bool> BlockLines::boolean(std::string_view keyword) const {
  const Node* line = find(keyword);
  if (line == nullptr) return std::nullopt;
  if (line->words.size() == 1) return true;
  const std::string& word = line->words[1];
  if (word == "true" || word == "on" || word == "yes") return true;
  if (word == "false" || word == "off" || word == "no") return false;
  return std::nullopt;
}

std::optional<IpAddress> BlockLines::address(std::string_view keyword) const {
  const Node* line = find(keyword);
  return line == nullptr || line->words.size() < 2 ? std::nullopt : address_in(line->words[1]);
}

std::vector<const Node*> BlockLines::entries(std::string_view keyword) const {
  std::vector<const Node*> all;
  if (!has(keyword)) return all;
  for (const Node& block : block_->children) {
    if (block.words.front() != keyword) continue;
    for (const Node& line : block.children) all.push_back(&line);
  }
  return all;
}

std::optional<IpAddress> address_in(const std::string& word) {
  const auto prefix = IpPrefix::parse(word);
  return prefix ? std::optional(prefix->address) : std::nullopt;
}

}  // namespace holdfast::config
