// What makes an include an error instead of a remark (behaviour.md a.3): the modes of include_check, which the macro reader
// obeys while it reads and global_defs keeps.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace holdfast::config {

/// With any of them, every file found can be read and is a regular one (2.2.7).
struct IncludeChecks {
  bool read = false;            ///< nothing more
  bool match = false;           ///< a name without wildcards exists
  bool wildcard_match = false;  ///< at least one file where there are wildcards (includew wants both)
  bool brace_match = false;     ///< at least one file for each {a,b} alternative

  static IncludeChecks all() { return {true, true, true, true}; }
  /// The words behind include_check: none = all; a first one without + or - starts from nothing. Unknown ones do nothing.
  void obey(std::span<const std::string> words);
  /// Words that give these modes to whoever has none; none for no mode.
  std::vector<std::string> words() const;
  bool operator==(const IncludeChecks&) const = default;
};

}  // namespace holdfast::config
