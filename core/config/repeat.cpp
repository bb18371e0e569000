#include "core/config/repeat.h"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>

#include "core/config/lexer.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kMostRounds = 65536;

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

/// Splits at commas that are not inside {…}.
std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '{') ++depth;
    if (at < text.size() && text[at] == '}') --depth;
    if (at < text.size() && (text[at] != ',' || depth > 0)) continue;
    parts.push_back(trimmed(text.substr(from, at - from)));
    from = at + 1;
  }
  return parts;
}

std::optional<std::int64_t> number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return negative ? -std::int64_t{value} : std::int64_t{value};
}

std::optional<std::vector<Repeat::Round>> sequence(const std::vector<std::string_view>& words, bool hex) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto value = number(words[i]);
    if (!value) return std::nullopt;
    numbers.push_back(*value);
  }
  if (numbers.empty() || numbers.size() > 3) return std::nullopt;
  const std::int64_t last = numbers.back();
  const std::int64_t first = numbers.size() == 1 ? 1 : numbers.front();
  const std::int64_t step = numbers.size() == 3 ? numbers[1] : (last < first ? -1 : 1);
  if (step == 0) return std::nullopt;
  std::vector<Repeat::Round> rounds;
  for (std::int64_t value = first; step > 0 ? value <= last : value >= last; value += step) {
    if (rounds.size() == kMostRounds) return std::nullopt;
    rounds.push_back({{std::string(words[0]), hex ? fmt::format("{:x}", value) : fmt::format("{}", value)}});
  }
  return rounds;
}

std::vector<std::string_view> unbraced(std::string_view word) {
  if (!word.starts_with('{') || !word.ends_with('}')) return {word};
  return arguments(word.substr(1, word.size() - 2));
}

std::optional<std::vector<Repeat::Round>> list(const std::vector<std::string_view>& words) {
  const std::vector<std::string_view> names = unbraced(words[0]);
  std::vector<Repeat::Round> rounds;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::vector<std::string_view> values = unbraced(words[i]);
    if (values.size() != names.size()) return std::nullopt;
    Repeat::Round round;
    for (std::size_t v = 0; v < names.size(); ++v) round.emplace_back(std::string(names[v]), std::string(values[v]));
    rounds.push_back(std::move(round));
  }
  return rounds;
}

}  // namespace

bool is_repeat(std::string_view line) {
  return line.starts_with("~SEQ") || line.starts_with("~LST");
}

std::optional<Repeat> parse_repeat(std::string_view line) {
  const bool hex = line.starts_with("~SEQx(");
  if (!hex && !line.starts_with("~SEQ(") && !line.starts_with("~LST(")) return std::nullopt;
  const std::size_t open = line.find('(');
  const std::size_t close = line.find(')');
  if (close == std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> words = arguments(line.substr(open + 1, close - open - 1));
  if (words.size() < 2 || words[0].empty()) return std::nullopt;
  auto rounds = line.starts_with("~SEQ") ? sequence(words, hex) : list(words);
  if (!rounds) return std::nullopt;
  return Repeat{*std::move(rounds), trimmed(line.substr(close + 1))};
}

}  // namespace holdfast::config
