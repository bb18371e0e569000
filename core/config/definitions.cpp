#include "core/config/definitions.h"

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace holdfast::config {

namespace {

constexpr int kMostReplacements = 1000;
constexpr std::size_t kLongestText = 65536;
constexpr std::size_t kMostUsesShown = 8;
constexpr std::uint16_t kFirstInside = 0x8000;

bool starts_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool in_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (end < text.size() && starts_name(text[end])) {
    while (end < text.size() && in_name(text[end])) ++end;
  }
  return text.substr(at, end - at);
}

std::uint32_t number_or(const std::vector<std::string>& words, std::size_t index, std::uint32_t otherwise) {
  std::uint32_t value = otherwise;
  if (index < words.size()) std::from_chars(words[index].data(), words[index].data() + words[index].size(), value);
  return value;
}

}  // namespace

void DefinitionUses::add(const Location& line, const std::vector<DefinitionUse>& uses) {
  if (uses.empty()) return;
  const auto inside = insides_.find(inside_key(line));
  std::vector<DefinitionUse>& kept = inside != insides_.end() ? inside->second.uses : lines_[key(line)];
  for (const DefinitionUse& use : uses) {
    if (kept.size() < kMostUsesShown && std::ranges::find(kept, use) == kept.end()) kept.push_back(use);
  }
}

const std::vector<DefinitionUse>& DefinitionUses::at(const Location& line) const {
  static const std::vector<DefinitionUse> kNone;
  if (const auto inside = insides_.find(inside_key(line)); inside != insides_.end()) return inside->second.uses;
  const auto found = lines_.find(key(line));
  return found == lines_.end() ? kNone : found->second;
}

Location DefinitionUses::place_inside(const Location& use_place, const DefinitionUse& text) {
  std::uint16_t& next = next_inside_.try_emplace(key(use_place), kFirstInside).first->second;
  if (next == 0xffff) return use_place;
  Inside inside{resolve(use_place).column, at(use_place)};
  std::erase_if(inside.uses, [&](const DefinitionUse& use) { return use.name == text.name; });
  inside.uses.push_back(text);
  Location place = use_place;
  place.column = next++;
  insides_.emplace(inside_key(place), std::move(inside));
  return place;
}

Location DefinitionUses::resolve(const Location& place) const {
  Location real = place;
  const auto inside = insides_.find(inside_key(place));
  if (inside != insides_.end()) real.column = inside->second.column;
  return real;
}

std::optional<std::string> defined_name(std::string_view line) {
  if (line.empty() || line.front() != '$') return std::nullopt;
  const std::string_view name = name_at(line, 1);
  if (name.empty() || name.size() + 1 >= line.size() || line[name.size() + 1] != '=') return std::nullopt;
  return std::string(name);
}

std::optional<Definitions::Use> Definitions::use_at(std::string_view line, std::size_t at) {
  if (at + 1 >= line.size()) return std::nullopt;
  if (line[at + 1] == '{') {
    const std::size_t close = line.find('}', at);
    if (close == std::string_view::npos || name_at(line, at + 2).empty()) return std::nullopt;
    return Use{std::string(line.substr(at + 2, close - at - 2)), close + 1};
  }
  const std::string_view name = name_at(line, at + 1);
  const std::size_t end = at + 1 + name.size();
  constexpr std::string_view kMayFollow = " \t\f\r\n\v,)";
  if (name.empty() || (end < line.size() && kMayFollow.find(line[end]) == std::string_view::npos)) return std::nullopt;
  return Use{std::string(name), end};
}

std::optional<std::string> Definitions::built_in(const std::string& name, const std::string& folder) {
  const std::vector<std::string> words = split_words(name);
  if (words.empty()) return std::nullopt;
  if (words[0] == "_PWD") return folder;
  if (words[0] == "_INSTANCE") return instance_;
  if (words[0] == "_HASH") return "#";
  if (words[0] == "_BANG") return "!";
  if (words[0] == "_ENV" && words.size() == 2 && environment_) return environment_(words[1]);
  if (words[0] != "_RANDOM") return std::nullopt;
  const std::uint32_t least = number_or(words, 1, 0);
  const std::uint32_t most = std::max(least, number_or(words, 2, 32767));
  return std::to_string(least + random_() % (std::uint64_t{most} - least + 1));
}

std::optional<std::vector<std::string>> Definitions::value(const std::string& name, const std::string& folder) {
  if (const auto found = lines_.find(name); found != lines_.end()) {
    if (found->second.at.line != 0) used_.push_back({name, found->second.at});
    return found->second.lines;
  }
  if (auto text = built_in(name, folder)) return std::vector<std::string>{*std::move(text)};
  return std::nullopt;
}

/// Each line of a definition stands in a line of the file of its own.
void Definitions::note_origins(const std::string& name, std::size_t count) {
  DefinitionUse origin{name, lines_[name].at};
  std::vector<DefinitionUse> added;
  for (std::size_t line = 1; line < count; ++line) {
    ++origin.defined_at.line;
    added.push_back(origin);
  }
  origins_.insert(origins_.begin(), added.begin(), added.end());
}

std::optional<std::vector<std::string>> Definitions::expand(std::string_view line, const std::string& folder) {
  used_.clear();
  origins_.clear();
  std::vector<std::string> result{std::string(line)};
  std::size_t at = 0;
  for (int replaced = 0; replaced <= kMostReplacements; ++replaced) {
    std::string& text = result.front();
    std::optional<Use> use;
    std::optional<std::vector<std::string>> lines;
    for (at = text.find('$', at); at != std::string::npos; at = text.find('$', at + 1)) {
      use = use_at(text, at);
      if (use) lines = value(use->name, folder);
      if (lines) break;
    }
    if (!lines) return result;
    if (lines->size() > 1 && text.find_first_not_of(" \t", use->end) != std::string::npos) lines->resize(1);
    text.replace(at, use->end - at, lines->empty() ? std::string() : lines->front());
    if (lines->size() > 1) {
      result.insert(result.begin() + 1, lines->begin() + 1, lines->end());
      note_origins(use->name, lines->size());
    }
    if (result.front().size() > kLongestText) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace holdfast::config
