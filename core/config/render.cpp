#include "core/config/render.h"

#include <algorithm>
#include <fmt/format.h>

namespace holdfast::config {

namespace {

std::string severity_text(Severity severity) {
  switch (severity) {
    case Severity::Note:
      return "note: ";
    case Severity::Warning:
      return "warning: ";
    case Severity::Error:
    case Severity::Fatal:
      return "";
  }
  return "";
}

std::string sentence(const Diagnostic& diagnostic) {
  std::string text = diagnostic.text;
  if (!diagnostic.expected.empty()) text += ", expected " + diagnostic.expected;
  if (!diagnostic.hint.empty()) text += fmt::format(", did you mean '{}'?", diagnostic.hint);
  return text;
}

/// The line of a place without its end; empty when there is none.
std::string_view line_of(const Loaded& loaded, const Location& at) {
  if (at.file >= loaded.texts.size() || at.file >= loaded.line_starts.size()) return {};
  const std::vector<std::uint32_t>& starts = loaded.line_starts[at.file];
  if (at.line == 0 || (at.line - 1) / kLinesBetweenStarts >= starts.size()) return {};
  std::string_view text = loaded.texts[at.file];
  text.remove_prefix(starts[(at.line - 1) / kLinesBetweenStarts]);
  for (std::uint32_t skip = (at.line - 1) % kLinesBetweenStarts; skip > 0; --skip) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view found = text.substr(0, std::min(text.find('\n'), text.size()));
  while (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

/// Control characters would upset the caret and the terminal; a tab stays, on both lines.
std::string shown(std::string_view line) {
  std::string text(line);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }, '?');
  return text;
}

/// "$NAME is defined at FILE:LINE".
std::string origin(const DefinitionUse& use, const std::vector<std::string>& files) {
  const std::string file = use.defined_at.file < files.size() ? files[use.defined_at.file] : std::string("?");
  return fmt::format("${} is defined at {}:{}", use.name, file, use.defined_at.line);
}

std::string caret_line(std::string_view line, std::size_t column) {
  std::string text;
  for (std::size_t at = 0; at + 1 < column; ++at) {
    const auto octet = at < line.size() ? static_cast<unsigned char>(line[at]) : ' ';
    const bool continues_character = (octet & 0xc0) == 0x80;
    if (!continues_character) text += octet == '\t' ? '\t' : ' ';
  }
  return text + '^';
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Loaded& loaded) {
  const Location at = loaded.definition_uses.resolve(diagnostic.at);
  const bool says_so = diagnostic.text.find("arning") != std::string::npos || diagnostic.text.starts_with("WARNING");
  const std::string what = (says_so ? "" : severity_text(diagnostic.severity)) + sentence(diagnostic);
  if (at.line == 0 || at.file >= loaded.tree.files.size()) return what;
  std::string text = fmt::format("{}:{}:{}: {}", loaded.tree.files[at.file], at.line, at.column, what);
  constexpr std::size_t kLongestShown = 400;
  const std::string_view line = line_of(loaded, at);
  if (!line.empty() && line.size() <= kLongestShown)
    text += "\n    " + shown(line) + "\n    " + caret_line(line, at.column);
  for (const DefinitionUse& use : loaded.definition_uses.at(diagnostic.at))
    text += "\n    " + origin(use, loaded.tree.files);
  return text;
}

std::string render_line(const Diagnostic& diagnostic, const std::vector<std::string>& files,
                        const DefinitionUses& uses) {
  const Location at = uses.resolve(diagnostic.at);
  if (at.line == 0 || at.file >= files.size()) return sentence(diagnostic);
  std::string text =
      fmt::format("({}: Line {}) {} [column {}]", files[at.file], at.line, sentence(diagnostic), at.column);
  for (const DefinitionUse& use : uses.at(diagnostic.at)) text += fmt::format(" [{}]", origin(use, files));
  return text;
}

int exit_code(const Diagnostics& diagnostics) {
  const auto any = [&](ErrorClass wanted) {
    return std::any_of(diagnostics.list().begin(), diagnostics.list().end(),
                       [=](const Diagnostic& d) { return d.error_class == wanted; });
  };
  if (any(ErrorClass::GivenUp)) return 2;
  if (any(ErrorClass::ScriptSecurity) || any(ErrorClass::Include)) return 6;
  if (any(ErrorClass::General)) return 5;
  return any(ErrorClass::FatalError) ? 4 : 0;
}

}  // namespace holdfast::config
