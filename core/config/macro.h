// Files → lines: comments, line limits, `include`, `@ID` conditions, definitions and repetitions (behaviour.md a.1,
// a.3, a.4), in keepalived's order. Called by load(); hands each remaining line to the parser. Knows no keyword of a
// block.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/definitions.h"
#include "core/config/diagnostic.h"
#include "core/config/include_checks.h"
#include "core/config/load.h"
#include "core/config/node.h"
#include "core/config/parser.h"
#include "core/config/source.h"

namespace holdfast::config {

class MacroReader {
 public:
  struct Options {
    std::string config_id;
    bool all_include_checks = false;
    Definitions::Environment environment;
    std::uint32_t random_seed = 0;
  };

  /// Fills `loaded.tree.files`, texts, definition_uses and diagnostics.
  MacroReader(const FileSystem& files, Options options, Parser& parser, Loaded& loaded);

  /// Reads a file and what it includes. False when it cannot be read (nothing is reported then).
  bool read(const std::string& path);
  /// At the end of the last file: a definition that still goes on is reported.
  void finish();

 private:
  struct Include {
    std::string pattern;
    IncludeChecks checks;
  };

  void physical_line(std::string_view text, std::uint32_t number);
  /// `include…` as a whole line; false when the line is something else.
  bool include_line(std::string_view text, Location at);
  /// Keywords of global_defs that change how the rest is read: include_check, random_seed.
  void obey(std::string_view text);
  void include(const Include& wanted, Location at);
  void check_matches(const Include& wanted, const std::string& pattern, bool found, Location at);
  void include_file(const std::string& path, bool must_read, Location at);
  void complain_include(bool is_error, Location at, std::string text);
  /// Removes `@ID`; false when the line is not for this machine.
  bool condition_holds(std::string_view& text, Location& at) const;
  bool continue_definition(std::string_view text);
  bool begin_definition(std::string_view text, Location at);
  void expand(std::string_view text, Location at, bool columns_hold, int depth);
  void emit(std::string_view text, Location at, bool columns_hold, int depth);
  void repeat(std::string_view text, Location at, int depth);

  const FileSystem& files_;
  Options options_;
  Parser& parser_;
  Tree& tree_;
  std::vector<std::string>& texts_;
  std::vector<std::vector<std::uint32_t>>& line_starts_;
  DefinitionUses& uses_;
  Diagnostics& diagnostics_;
  IncludeChecks checks_;
  Definitions definitions_;
  std::string folder_;  ///< of the file being read, "" or with a final '/'
  std::uint16_t file_ = 0;
  int include_depth_ = 0;
  std::size_t generated_lines_ = 0;   ///< by definitions and repetitions
  std::vector<std::string> reading_;  ///< the files that include each other, outermost first
  std::string defining_;              ///< name of the multi-line definition being read
  Location defining_at_;
  std::vector<std::string> defining_lines_;
};

/// The line up to its comment: '#' or '!' outside "…" and not behind a '\' (which is removed). behaviour.md a.1
std::string strip_comment(std::string_view line);

}  // namespace holdfast::config
