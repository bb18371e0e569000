// One codec per kind of value: words → value with keepalived's messages (behaviour.md a.2), value → words, and what it
// expects in a phrase for messages and the manual. Rows of schema/ name one each; nothing else knows how a value is
// written.
//
// A codec has: `using Value`, `std::optional<Value> parse(const Node&, Diagnostics&) const` (reports, gives nothing and
// leaves the default when the words are wrong), `std::vector<std::string> format(const Value&) const` (the words behind
// the keyword), `std::string describe() const`, and `Form form() const`, the same as data.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "core/config/diagnostic.h"
#include "core/config/form.h"
#include "core/config/node.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

/// Of the word with this index, or of the keyword when there are fewer.
Location location_of(const Node& node, std::size_t word);

/// The word, or nothing and keepalived's "missing a parameter" (Fatal: there it ends the daemon, behaviour.md a.2).
const std::string* mandatory_word(const Node& node, std::size_t index, std::string_view expected,
                                  Diagnostics& diagnostics);

/// As mandatory_word; what was expected is only put into words when it is missing.
template <class Expected>
const std::string* word_at(const Node& node, std::size_t index, Expected expected, Diagnostics& diagnostics) {
  return index < node.words.size() ? &node.words[index] : mandatory_word(node, index, expected(), diagnostics);
}

/// The word behind the keyword.
template <class Codec>
const std::string* first_value(const Node& node, const Codec& codec, Diagnostics& diagnostics) {
  return word_at(
      node, 1, [&] { return codec.describe(); }, diagnostics);
}

/// Says which words nobody reads; keepalived drops them in silence.
void remark_surplus(const Node& node, std::size_t expected_words, Diagnostics& diagnostics);

/// Decimal integer in [least, most]; `base` 0 also takes 0x… and 0….
std::optional<std::int64_t> parse_integer(const Node& node, std::size_t index, std::int64_t least, std::int64_t most,
                                          Diagnostics& diagnostics, int base = 10);

/// Decimal seconds with at most `places` places (1..6) in [least, most]; more places are rounded with an error.
std::optional<Duration> parse_seconds(const Node& node, std::size_t index, Duration least, Duration most, int places,
                                      Diagnostics& diagnostics);
/// Shortest decimal that gives the duration back.
std::string format_seconds(Duration duration);

struct Integer {
  using Value = std::int64_t;
  std::int64_t least, most;
  int base = 10;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {std::to_string(value)}; }
  std::string describe() const;
  Form form() const;
};

/// A weight for IPVS: what is above 65535 is remarked and counts as that (2.2.7 takes it).
struct ServerWeight {
  using Value = std::int64_t;
  std::int64_t least;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {std::to_string(value)}; }
  std::string describe() const { return Integer{least, 65535}.describe(); }
  Form form() const { return Integer{least, 65535}.form(); }
};

/// An integer that may be left out: the bare keyword means `bare`.
struct OptionalInteger {
  using Value = std::int64_t;
  std::int64_t least, most, bare;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {std::to_string(value)}; }
  std::string describe() const;
  Form form() const;
};

/// A count that keepalived raises to 1 when it is 0.
struct Count {
  using Value = std::int64_t;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {std::to_string(value)}; }
  std::string describe() const { return "integer from 1"; }
  Form form() const;
};

struct Seconds {
  using Value = Duration;
  Duration least, most;
  int places = 6;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {format_seconds(value)}; }
  std::string describe() const;
  Form form() const;
};

/// As Seconds from the smallest step; 0 is taken with the message keepalived gives and leaves the default.
struct Interval {
  using Value = Duration;
  std::string_view keyword;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {format_seconds(value)}; }
  std::string describe() const { return "decimal seconds 0.000001..4294.967295"; }
  Form form() const { return {Form::Kind::Decimal, false, "0.000001", "4294.967295", "s"}; }
};

/// Integer number of microseconds.
struct Microseconds {
  using Value = Duration;
  std::int64_t least, most;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {std::to_string(value.count())}; }
  std::string describe() const;
  Form form() const;
};

/// The bare keyword; it can only be turned on.
struct Flag {
  using Value = bool;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value) const { return {}; }
  std::string describe() const { return "no value"; }
  Form form() const { return {Form::Kind::Nothing}; }
};

/// The bare keyword for turning something off.
struct NegativeFlag {
  using Value = bool;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value) const { return {}; }
  std::string describe() const { return "no value"; }
  Form form() const { return {Form::Kind::Nothing}; }
};

/// true on yes / false off no; nothing = true.
struct Boolean {
  using Value = bool;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const { return {value ? "true" : "false"}; }
  std::string describe() const { return "true, on, yes, false, off, no, or nothing for true"; }
  Form form() const { return {Form::Kind::Switch}; }
};

/// As Boolean, of keywords that 2.2.7 takes for a bare one whatever stands behind: other words are remarked and count as true.
struct Switch : Boolean {
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
};

struct Word {
  using Value = std::string;
  std::string_view what;
  std::size_t longest = 32767;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return std::string(what); }
  Form form() const { return {Form::Kind::Word}; }
};

/// A word that may be left out: the bare keyword is "".
struct OptionalWord {
  using Value = std::string;
  std::string_view what;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    remark_surplus(node, 2, diagnostics);
    return node.words.size() > 1 ? node.words[1] : std::string();
  }
  std::vector<std::string> format(const Value& value) const {
    return value.empty() ? std::vector<std::string>{} : std::vector{value};
  }
  std::string describe() const { return std::string(what); }
  Form form() const { return {Form::Kind::Words, true}; }
};

/// Any number of words in [least, most].
struct WordList {
  using Value = std::vector<std::string>;
  std::string_view what;
  std::size_t least = 0, most = 1000;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return value; }
  std::string describe() const { return std::string(what); }
  Form form() const { return {least == 1 && most == 1 ? Form::Kind::Word : Form::Kind::Words, least == 0}; }
};

struct IntegerList {
  using Value = std::vector<int>;
  int least, most;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const;
  std::string describe() const;
  Form form() const { return {Form::Kind::Words, false, std::to_string(least)}; }
};

struct Choice {
  using Value = std::string;
  std::vector<std::string_view> words;
  bool optional = false;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const;
  Form form() const;
};

struct Address {
  using Value = IpAddress;
  enum class Kind : std::uint8_t { Any, MulticastV4, MulticastV6, Multicast };
  Kind kind = Kind::Any;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value.text()}; }
  std::string describe() const;
  Form form() const { return {Form::Kind::Address}; }
};

/// File mode: octal, or IRUSR|IWUSR|….
struct FileMode {
  using Value = std::uint32_t;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(Value value) const;
  std::string describe() const { return "octal file mode or names such as IRUSR|IWUSR"; }
  Form form() const { return {}; }
};

/// A command line (one word, itself split with quotes and escapes), then user and group (behaviour.md a.1).
struct Script {
  using Value = ScriptCommand;
  bool with_user = true;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const;
  std::string describe() const { return with_user ? "a command line, then user and group" : "a command line"; }
  Form form() const { return {Form::Kind::Command}; }
};

}  // namespace holdfast::config
