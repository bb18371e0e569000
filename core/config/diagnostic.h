// What is wrong with a configuration: all of it in one run, each thing once. Severity says what a start and a reload do
// with it, ErrorClass what `-t` exits with (docs/decisions/configuration-severity.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/node.h"

namespace holdfast::config {

enum class Severity : std::uint8_t {
  Note,     ///< read, validated, not honoured yet
  Warning,  ///< keepalived grumbles and goes on; so do we, -t exits 5 where keepalived's does
  Error,    ///< the line is not used; a start goes on without it, a reload refuses the file
  Fatal,    ///< keepalived would not run with this (behaviour.md a.2 "Missing mandatory word", d.2 duplicate VRID)
};

/// Which exit code of `-t` it leads to (behaviour.md a.5).
enum class ErrorClass : std::uint8_t {
  None,            ///< exit 0
  General,         ///< exit 5
  FatalError,      ///< exit 4
  ScriptSecurity,  ///< exit 6
  Include,         ///< exit 6: an include that include_check wants failed
  GivenUp,         ///< exit 2: keepalived would have stopped reading here
};

struct Diagnostic {
  Severity severity = Severity::Error;
  ErrorClass error_class = ErrorClass::General;
  Location at;
  std::string text;      ///< what is wrong, in keepalived's words where monitoring may grep for them
  std::string expected;  ///< what was expected; may be empty
  std::string hint;      ///< the nearest keyword; may be empty

  bool operator==(const Diagnostic&) const = default;
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  /// Exit code unaffected.
  void note(Location at, std::string text);
  /// General class: keepalived's -t exits 5 for these.
  void warning(Location at, std::string text, std::string expected = {});
  /// A warning that keepalived does not give, or gives without a change of the exit code.
  void remark(Location at, std::string text);
  /// A warning of ours about something that works otherwise than most people think: what will happen, and what to write
  /// instead. Exit code unaffected.
  void advise(Location at, std::string what_happens, std::string mend);
  void error(Location at, std::string text, std::string expected = {}, std::string hint = {});
  /// Class GivenUp.
  void fatal(Location at, std::string text, std::string expected = {});

  const std::vector<Diagnostic>& list() const { return list_; }
  bool has(Severity at_least) const;
  /// Orders by file, line and column; what has no location stays last, in order.
  void sort();

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace holdfast::config
