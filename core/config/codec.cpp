#include "core/config/codec.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

#include "core/base/text.h"
#include "core/config/lexer.h"

namespace holdfast::config {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits with an optional sign and base prefix as strtol reads them; nothing for junk or more than 63 bits.
std::optional<std::int64_t> to_integer(std::string_view text, int base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (base == 0) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    base = hex ? 16 : (text.size() > 1 && text.front() == '0' ? 8 : 10);
    if (hex) text.remove_prefix(2);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return negative ? -value : value;
}

/// "1", "1.5", ".5", "1." in microseconds; `lost` when digits behind `places` are not 0. Nothing for junk.
std::optional<Duration> to_seconds_value(std::string_view text, int places, bool& lost) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view{};
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit) || !std::all_of(fraction.begin(), fraction.end(), is_digit) ||
      whole.size() > 12) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : whole) value = value * 10 + (c - '0');
  for (int i = 0; i < 6; ++i) {
    const auto index = static_cast<std::size_t>(i);
    value = value * 10 + (index < fraction.size() && i < places ? fraction[index] - '0' : 0);
  }
  const auto kept = static_cast<std::size_t>(places);
  lost = fraction.size() > kept && fraction.find_first_not_of('0', kept) != std::string_view::npos;
  std::int64_t step = 1;
  for (int i = places; i < 6; ++i) step *= 10;
  if (lost && fraction[kept] >= '5') value += step;
  return Duration(value);
}

/// A bound as text; those of the widest types are none of the keyword's own.
std::string bound(std::int64_t value) {
  const bool widest =
      value >= std::numeric_limits<std::int32_t>::max() || value <= std::numeric_limits<std::int32_t>::min();
  return widest ? std::string() : std::to_string(value);
}

std::string range_text(std::int64_t least, std::int64_t most) {
  if (most >= std::numeric_limits<std::uint32_t>::max() && least >= 0) return fmt::format("integer from {}", least);
  return fmt::format("integer {}..{}", least, most);
}

/// Of an empty word keepalived makes 0.
std::string_view number_text(const Node& node, std::size_t index, Diagnostics& diagnostics) {
  if (!node.words[index].empty()) return node.words[index];
  diagnostics.remark(location_of(node, index), fmt::format("the empty value of {} counts as 0", node.words.front()));
  return "0";
}

}  // namespace

Location location_of(const Node& node, std::size_t word) {
  Location at = node.at;
  if (word < node.columns.size()) at.column = node.columns[word];
  return at;
}

void remark_surplus(const Node& node, std::size_t expected_words, Diagnostics& diagnostics) {
  if (node.words.size() <= expected_words) return;
  const std::vector<std::string> surplus(node.words.begin() + static_cast<std::ptrdiff_t>(expected_words),
                                         node.words.end());
  diagnostics.remark(location_of(node, expected_words),
                     fmt::format("'{}' after '{}' is not used", join(surplus, " "), node.words.front()));
}

std::optional<std::int64_t> parse_integer(const Node& node, std::size_t index, std::int64_t least, std::int64_t most,
                                          Diagnostics& diagnostics, int base) {
  const std::string* word = word_at(
      node, index, [=] { return range_text(least, most); }, diagnostics);
  if (word == nullptr) return std::nullopt;
  const std::optional<std::int64_t> value = to_integer(number_text(node, index, diagnostics), base);
  if (!value || (least >= 0 && word->starts_with('-'))) {
    diagnostics.error(location_of(node, index), fmt::format("invalid number '{}'", *word), range_text(least, most));
    return std::nullopt;
  }
  if (*value < least || *value > most) {
    diagnostics.error(location_of(node, index), fmt::format("number '{}' outside range [{}, {}]", *word, least, most),
                      range_text(least, most));
    return std::nullopt;
  }
  return value;
}

std::optional<Duration> parse_seconds(const Node& node, std::size_t index, Duration least, Duration most, int places,
                                      Diagnostics& diagnostics) {
  const auto expected = [&] {
    return fmt::format("decimal seconds {}..{}", format_seconds(least), format_seconds(most));
  };
  const std::string* word = word_at(node, index, expected, diagnostics);
  if (word == nullptr) return std::nullopt;
  bool lost = false;
  const std::optional<Duration> value = to_seconds_value(number_text(node, index, diagnostics), places, lost);
  if (!value) {
    diagnostics.error(location_of(node, index), fmt::format("invalid number '{}'", *word), expected());
    return std::nullopt;
  }
  if (*value < least || *value > most) {
    diagnostics.error(
        location_of(node, index),
        fmt::format("number '{}' outside range [{}, {}]", *word, format_seconds(least), format_seconds(most)),
        expected());
    return std::nullopt;
  }
  if (lost) {
    diagnostics.error(location_of(node, index),
                      fmt::format("'{}' has too many decimal places, rounded to {}", *word, format_seconds(*value)),
                      fmt::format("at most {} places", places));
  }
  return value;
}

std::string format_seconds(Duration duration) {
  std::string text = fmt::format("{}.{:06}", duration.count() / 1'000'000, duration.count() % 1'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::optional<std::int64_t> Integer::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 2, diagnostics);
  return parse_integer(node, 1, least, most, diagnostics, base);
}

std::string Integer::describe() const {
  return range_text(least, most);
}

Form Integer::form() const {
  return {Form::Kind::Integer, false, bound(least), bound(most)};
}

std::optional<std::int64_t> OptionalInteger::parse(const Node& node, Diagnostics& diagnostics) const {
  if (node.words.size() == 1) return bare;
  remark_surplus(node, 2, diagnostics);
  return parse_integer(node, 1, least, most, diagnostics);
}

std::string OptionalInteger::describe() const {
  return fmt::format("{}, or nothing for {}", range_text(least, most), bare);
}

Form OptionalInteger::form() const {
  return {Form::Kind::Integer, true, bound(least), bound(most)};
}

std::optional<std::int64_t> Count::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 2, diagnostics);
  const auto value = parse_integer(node, 1, 0, std::numeric_limits<std::int32_t>::max(), diagnostics);
  return value ? std::optional(std::max<std::int64_t>(*value, 1)) : std::nullopt;
}

Form Count::form() const {
  return {Form::Kind::Integer, false, "0", "", "count"};
}

std::optional<Duration> Seconds::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 2, diagnostics);
  return parse_seconds(node, 1, least, most, places, diagnostics);
}

std::string Seconds::describe() const {
  return fmt::format("{}seconds {}..{}", places == 0 ? "whole " : "decimal ", format_seconds(least),
                     format_seconds(most));
}

Form Seconds::form() const {
  const bool whole = places == 0;
  return {whole ? Form::Kind::Integer : Form::Kind::Decimal, false, format_seconds(least), format_seconds(most), "s"};
}

std::optional<Duration> Interval::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 2, diagnostics);
  const std::string* word = first_value(node, *this, diagnostics);
  if (word == nullptr) return std::nullopt;
  bool lost = false;
  const std::optional<Duration> value = to_seconds_value(*word, 6, lost);
  if (!value || *value > microseconds(4'294'967'295)) {
    diagnostics.error(location_of(node, 1), fmt::format("{} '{}' is invalid", keyword, *word), describe());
    return std::nullopt;
  }
  if (*value == Duration::zero())
    diagnostics.warning(location_of(node, 1), fmt::format("{} '{}' is invalid", keyword, *word));
  return value;
}

std::optional<Duration> Microseconds::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 2, diagnostics);
  const auto value = parse_integer(node, 1, least, most, diagnostics);
  return value ? std::optional(Duration(*value)) : std::nullopt;
}

std::string Microseconds::describe() const {
  return range_text(least, most) + " (microseconds)";
}

Form Microseconds::form() const {
  return {Form::Kind::Integer, false, bound(least), bound(most), "us"};
}

std::optional<bool> Flag::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 1, diagnostics);
  return true;
}

std::optional<bool> NegativeFlag::parse(const Node& node, Diagnostics& diagnostics) const {
  remark_surplus(node, 1, diagnostics);
  return false;
}

std::optional<bool> Boolean::parse(const Node& node, Diagnostics& diagnostics) const {
  if (node.words.size() == 1) return true;
  remark_surplus(node, 2, diagnostics);
  const std::string& word = node.words[1];
  if (word == "true" || word == "on" || word == "yes") return true;
  if (word == "false" || word == "off" || word == "no") return false;
  diagnostics.error(location_of(node, 1), fmt::format("invalid value '{}' for {}", word, node.words.front()),
                    describe());
  return std::nullopt;
}

std::optional<std::string> Word::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = mandatory_word(node, 1, what, diagnostics);
  if (word == nullptr) return std::nullopt;
  remark_surplus(node, 2, diagnostics);
  if (word->size() <= longest) return *word;
  diagnostics.error(location_of(node, 1), fmt::format("'{}' is too long", *word),
                    fmt::format("at most {} octets", longest));
  return std::nullopt;
}

std::optional<std::vector<std::string>> WordList::parse(const Node& node, Diagnostics& diagnostics) const {
  for (std::size_t index = 1; index <= least; ++index) {
    if (mandatory_word(node, index, what, diagnostics) == nullptr) return std::nullopt;
  }
  remark_surplus(node, most + 1, diagnostics);
  const auto last = static_cast<std::ptrdiff_t>(std::min(node.words.size(), most + 1));
  return std::vector<std::string>(node.words.begin() + 1, node.words.begin() + last);
}

std::optional<std::vector<int>> IntegerList::parse(const Node& node, Diagnostics& diagnostics) const {
  std::vector<int> values;
  for (std::size_t index = 1; index < std::max<std::size_t>(node.words.size(), 2); ++index) {
    const auto value = parse_integer(node, index, least, most, diagnostics);
    if (!value) return std::nullopt;
    values.push_back(static_cast<int>(*value));
  }
  return values;
}

std::vector<std::string> IntegerList::format(const Value& value) const {
  std::vector<std::string> words;
  for (const int number : value) words.push_back(std::to_string(number));
  return words;
}

std::string IntegerList::describe() const {
  return fmt::format("one or more integers {}..{}", least, most);
}

std::optional<std::string> Choice::parse(const Node& node, Diagnostics& diagnostics) const {
  if (optional && node.words.size() == 1) return std::string();
  const std::string* word = first_value(node, *this, diagnostics);
  if (word == nullptr) return std::nullopt;
  remark_surplus(node, 2, diagnostics);
  if (std::find(words.begin(), words.end(), *word) != words.end()) return *word;
  diagnostics.error(location_of(node, 1), fmt::format("invalid value '{}' for {}", *word, node.words.front()),
                    describe(), std::string(nearest(*word, words)));
  return std::nullopt;
}

std::string Choice::describe() const {
  std::vector<std::string> all(words.begin(), words.end());
  return join(all, " or ") + (optional ? ", or nothing" : "");
}

Form Choice::form() const {
  return {Form::Kind::Choice, optional, {}, {}, {}, {words.begin(), words.end()}};
}

std::optional<IpAddress> Address::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = first_value(node, *this, diagnostics);
  if (word == nullptr) return std::nullopt;
  remark_surplus(node, 2, diagnostics);
  const std::optional<IpAddress> address = IpAddress::parse(*word);
  const bool fits = address && (kind == Kind::Any || address->is_multicast()) &&
                    (kind != Kind::MulticastV4 || address->is_v4()) && (kind != Kind::MulticastV6 || !address->is_v4());
  if (fits) return address;
  diagnostics.error(location_of(node, 1),
                    fmt::format("Configuration error: {} '{}' is not usable - ignoring", node.words.front(), *word),
                    describe());
  return std::nullopt;
}

std::string Address::describe() const {
  switch (kind) {
    case Kind::Any:
      return "an IP address";
    case Kind::MulticastV4:
      return "an IPv4 multicast address";
    case Kind::MulticastV6:
      return "an IPv6 multicast address";
    case Kind::Multicast:
      return "a multicast address";
  }
  return {};
}

std::optional<std::uint32_t> FileMode::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = first_value(node, *this, diagnostics);
  if (word == nullptr) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), value, 8);
  if (error == std::errc{} && end == word->data() + word->size() && value <= 0777) return value;
  constexpr std::string_view kNames[] = {"IXOTH", "IWOTH", "IROTH", "IXGRP", "IWGRP",
                                         "IRGRP", "IXUSR", "IWUSR", "IRUSR"};
  value = 0;
  std::string all;
  for (std::size_t index = 1; index < node.words.size(); ++index) all += node.words[index];
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t bar = std::min(all.find('|', from), all.size());
    const auto* found = std::find(std::begin(kNames), std::end(kNames), all.substr(from, bar - from));
    if (found == std::end(kNames)) {
      diagnostics.error(location_of(node, 1), fmt::format("Invalid umask value {}", *word), describe());
      return std::nullopt;
    }
    value |= 1U << static_cast<unsigned>(found - std::begin(kNames));
    from = bar + 1;
  }
  return value;
}

std::vector<std::string> FileMode::format(std::uint32_t value) const {
  return {fmt::format("0{:o}", value)};
}

std::optional<ScriptCommand> Script::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = first_value(node, *this, diagnostics);
  if (word == nullptr) return std::nullopt;
  ScriptCommand command;
  Words words = split_quoted_escaped(*word);
  if (words.unterminated || words.words.empty()) {
    diagnostics.error(
        location_of(node, 1),
        words.unterminated ? "Unmatched quote in the command line" : fmt::format("{} is empty", node.words.front()),
        describe());
    return std::nullopt;
  }
  command.argv = std::move(words.words);
  if (with_user && node.words.size() > 2) command.user = node.words[2];
  if (with_user && node.words.size() > 3) command.group = node.words[3];
  remark_surplus(node, with_user ? 4 : 2, diagnostics);
  return command;
}

std::vector<std::string> Script::format(const ScriptCommand& value) const {
  std::vector<std::string> quoted;
  for (const std::string& argument : value.argv) quoted.push_back(quote_escaped(argument));
  std::vector<std::string> words{join(quoted, " ")};
  if (!value.user.empty()) words.push_back(value.user);
  if (!value.user.empty() && !value.group.empty()) words.push_back(value.group);
  return words;
}

}  // namespace holdfast::config
