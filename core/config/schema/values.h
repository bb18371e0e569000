// Value types that several blocks share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "core/config/node.h"

namespace holdfast::config {

/// A user's name: a ':' in front only says that all its groups are wanted (set_supplementary_groups).
inline std::string user_name_of(const std::string& word) {
  return word.starts_with(':') ? word.substr(1) : word;
}

/// A command line that stands in the configuration, and whom it runs as. Core runs nothing else.
struct ScriptCommand {
  std::vector<std::string> argv;  ///< argv[0] is the program; empty = no script
  std::string user;               ///< "" = script_user
  std::string group;              ///< "" = the user's own

  bool empty() const { return argv.empty(); }
  bool operator==(const ScriptCommand&) const = default;
};

/// Where something was said. Two values that say the same are equal wherever they stand, so that a reload that only moves
/// lines changes nothing.
struct Origin : Location {
  Origin() = default;
  Origin(const Location& location) : Location(location) {}  // NOLINT: a place is an origin
  bool operator==(const Origin&) const { return true; }
};

/// A line of a keyword that is read and validated but used by nobody yet, as it was written: kept so that write() gives
/// it back.
struct KeptLine {
  std::vector<std::string> words;  ///< never empty
  std::vector<KeptLine> children;
  bool block = false;
  Origin at;
  bool operator==(const KeptLine&) const = default;
};

}  // namespace holdfast::config
