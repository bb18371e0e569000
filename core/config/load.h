// From a path to a valid Config in one call: source → macro → lexer → parser → interpret → lint (DESIGN section 3). The
// watchdog calls it at start, at SIGHUP and for -t. Never throws, never exits, never stops at the first error.
// Absent: everything that must ask the machine (machine.h) and what a child does with a tree it was sent (interpret.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/config/definitions.h"
#include "core/config/diagnostic.h"
#include "core/config/interpret.h"
#include "core/config/node.h"
#include "core/config/source.h"

namespace holdfast::config {

struct LoadOptions {
  std::string config_id;                   ///< for `@ID` lines: -i, or the host name up to the first dot
  bool all_include_checks = false;         ///< -e
  Definitions::Environment environment{};  ///< for ${_ENV NAME}; none when empty
  std::uint32_t random_seed = 0;           ///< of ${_RANDOM}
};

inline constexpr std::uint32_t kLinesBetweenStarts = 64;

struct Loaded {
  Tree tree;
  Config config;
  Diagnostics diagnostics;
  DefinitionUses definition_uses;                       ///< of each line
  std::vector<std::vector<std::uint32_t>> line_starts;  ///< of each text: the offset of lines 1, 65, 129, …
  std::vector<std::string> texts;                       ///< content of each of tree.files, for the caret lines
};

/// `path` may be a glob (-f): every match is read. A missing main file is a Fatal diagnostic ("Unable to find
/// configuration file F"). Diagnostics are in the order of the files' lines, those of the whole configuration last.
Loaded load(const FileSystem& files, const std::string& path, const LoadOptions& options);

}  // namespace holdfast::config
