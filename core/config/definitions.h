// `$NAME=` definitions, their expansion, and the built-in ${_…} names (behaviour.md a.4). Called by the macro reader
// for every line with a '$'. Absent: the lines' way in and out, and ~SEQ/~LST (repeat.h), which only add definitions
// for one line.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/node.h"

namespace holdfast::config {

/// A definition that a line was made with.
struct DefinitionUse {
  std::string name;
  Location defined_at;

  bool operator==(const DefinitionUse&) const = default;
};

/// The definitions used in a line, by its place (column aside): messages show both places. Lines that a several-line
/// definition gives all stand where it is used; each gets a place of its own, whose column is only a number to tell them
/// apart, so that messages can name the line inside the definition.
class DefinitionUses {
 public:
  /// At most a few for each line are kept.
  void add(const Location& line, const std::vector<DefinitionUse>& uses);
  const std::vector<DefinitionUse>& at(const Location& line) const;
  /// A place for a further line of a definition used at `use_place`, whose text stands at `text.defined_at`. After 32767 in
  /// one line they are not told apart any more.
  Location place_inside(const Location& use_place, const DefinitionUse& text);
  /// The place with the column that a reader of the file can find.
  Location resolve(const Location& place) const;

 private:
  struct Inside {
    std::uint16_t column = 0;  ///< of the use
    std::vector<DefinitionUse> uses;
  };
  static std::uint64_t key(const Location& line) { return std::uint64_t{line.file} << 48 | std::uint64_t{line.line}; }
  static std::uint64_t inside_key(const Location& place) { return key(place) | std::uint64_t{place.column} << 32; }

  std::map<std::uint64_t, std::vector<DefinitionUse>> lines_;
  std::map<std::uint64_t, Inside> insides_;
  std::map<std::uint64_t, std::uint16_t> next_inside_;  ///< column, by line
};

class Definitions {
 public:
  /// Looks up an environment variable for ${_ENV NAME}; empty = there is none of any name.
  using Environment = std::function<std::optional<std::string>(const std::string&)>;

  Definitions(std::string instance, Environment environment, std::uint32_t random_seed)
      : instance_(std::move(instance)), environment_(std::move(environment)), random_(random_seed) {}

  /// A definition has one line, or several when its lines ended with '\'. Defining again replaces.
  /// Variables of a repetition have no place.
  void define(const std::string& name, std::vector<std::string> lines, Location at = {}) {
    lines_[name] = {std::move(lines), at};
  }
  void forget(const std::string& name) { lines_.erase(name); }

  /// What a line becomes: one or more lines (a multi-line value at its end), or nothing when a definition refers to
  /// itself or the text grows over 64 KiB. An unknown name stays as text. `folder` is ${_PWD}.
  std::optional<std::vector<std::string>> expand(std::string_view line, const std::string& folder);
  /// Of the last expand(), definitions that have a place.
  const std::vector<DefinitionUse>& used() const { return used_; }
  /// Of the last expand(), for each line but the first: the definition it comes from, and where it stands in it.
  const std::vector<DefinitionUse>& origins() const { return origins_; }
  /// ${_RANDOM} begins anew from `seed`.
  void seed(std::uint32_t seed) { random_.seed(seed); }

 private:
  struct Definition {
    std::vector<std::string> lines;
    Location at;
  };
  struct Use {
    std::string name;     ///< with the arguments of a built-in
    std::size_t end = 0;  ///< behind the use
  };
  static std::optional<Use> use_at(std::string_view line, std::size_t at);
  std::optional<std::vector<std::string>> value(const std::string& name, const std::string& folder);
  void note_origins(const std::string& name, std::size_t count);
  std::optional<std::string> built_in(const std::string& name, const std::string& folder);

  std::map<std::string, Definition> lines_;
  std::vector<DefinitionUse> used_, origins_;
  std::string instance_;
  Environment environment_;
  std::mt19937 random_;
};

/// `NAME=` at the start of a line after '$': the name, or nothing.
std::optional<std::string> defined_name(std::string_view line);

}  // namespace holdfast::config
