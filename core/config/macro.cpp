#include "core/config/macro.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

#include "core/config/lexer.h"
#include "core/config/repeat.h"

namespace holdfast::config {

namespace {

constexpr std::size_t kLongestLine = 65535;  // keepalived drops what is longer than 1023 (behaviour.md a.1)
constexpr int kDeepestInclude = 32;
constexpr int kDeepestExpansion = 32;
constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostGeneratedLines = 100'000;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Leaves `text` at its first character that is not blank, and moves `at` along.
void trim_start(std::string_view& text, Location& at) {
  const std::size_t first = skip_blanks(text);
  text.remove_prefix(first);
  at.column = static_cast<std::uint16_t>(std::min<std::size_t>(at.column + first, 0xffff));
}

}  // namespace

std::string strip_comment(std::string_view line) {
  std::string kept;
  kept.reserve(line.size());
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"') quoted = !quoted;
    const bool escapes = !quoted && c == '\\' && at + 1 < line.size() && (line[at + 1] == '#' || line[at + 1] == '!');
    if (escapes) {
      kept += line[++at];
      continue;
    }
    if (!quoted && (c == '#' || c == '!')) break;
    kept += c;
  }
  return kept;
}

MacroReader::MacroReader(const FileSystem& files, Options options, Parser& parser, Loaded& loaded)
    : files_(files),
      options_(std::move(options)),
      parser_(parser),
      tree_(loaded.tree),
      texts_(loaded.texts),
      line_starts_(loaded.line_starts),
      uses_(loaded.definition_uses),
      diagnostics_(loaded.diagnostics),
      checks_(options_.all_include_checks ? IncludeChecks::all() : IncludeChecks{}),
      definitions_(options_.config_id, options_.environment, options_.random_seed) {}

bool MacroReader::read(const std::string& path) {
  Result<std::string> content = files_.read(path);
  if (!content) return false;
  const std::string outer_folder = std::exchange(folder_, folder_of(path));
  const std::uint16_t outer_file = std::exchange(file_, static_cast<std::uint16_t>(tree_.files.size()));
  tree_.files.push_back(path);
  reading_.push_back(path);
  const std::size_t index = texts_.size();
  texts_.emplace_back();
  std::vector<std::uint32_t> starts;
  std::string text = *std::move(content);
  std::uint32_t number = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (number % kLinesBetweenStarts == 0) starts.push_back(static_cast<std::uint32_t>(from));
    physical_line(std::string_view(text).substr(from, end - from), ++number);
    from = end + 1;
  }
  texts_[index] = std::move(text);
  line_starts_.resize(texts_.size());
  line_starts_[index] = std::move(starts);
  reading_.pop_back();
  folder_ = outer_folder;
  file_ = outer_file;
  return true;
}

void MacroReader::finish() {
  if (defining_.empty()) return;
  diagnostics_.error(defining_at_, fmt::format("The definition of ${} does not end", defining_),
                     "a last line without '\\'");
  definitions_.define(defining_, std::move(defining_lines_), defining_at_);
  defining_.clear();
}

void MacroReader::physical_line(std::string_view text, std::uint32_t number) {
  Location at{number, 1, file_};
  if (text.size() > kLongestLine) {
    diagnostics_.error(at, "line too long", fmt::format("at most {} octets", kLongestLine));
    return;
  }
  if (text.find('\0') != std::string_view::npos) {
    diagnostics_.error(at, "line holds a NUL octet");
    return;
  }
  const bool has_comment = text.find('#') != std::string_view::npos || text.find('!') != std::string_view::npos;
  const std::string stripped = has_comment ? strip_comment(text) : std::string();
  std::string_view rest = trim_end(has_comment ? std::string_view(stripped) : text);
  trim_start(rest, at);
  if (!defining_.empty()) {
    continue_definition(rest);
    return;
  }
  if (rest.empty()) return;
  if (rest.starts_with("include") && include_line(rest, at)) return;
  if (!condition_holds(rest, at) || rest.empty() || begin_definition(rest, at)) return;
  obey(rest);
  expand(rest, at, true, 0);
}

bool MacroReader::include_line(std::string_view text, Location at) {
  const Words words = split_line(text);
  if (words.words.size() < 2) return false;
  const std::string& word = words.words.front();
  const std::string_view variant = std::string_view(word).substr(7);
  Include wanted{words.words[1], checks_};
  if (variant == "a") wanted.checks = IncludeChecks::all();
  if (variant == "r") wanted.checks = {.read = true};
  if (variant == "m") wanted.checks = {.match = true};
  if (variant == "w") wanted.checks = {.match = true, .wildcard_match = true};
  if (variant == "b") wanted.checks = {.brace_match = true};
  if (!variant.empty() && (variant.size() > 1 || std::string_view("rmwba").find(variant) == std::string_view::npos))
    return false;
  if (options_.all_include_checks) wanted.checks = IncludeChecks::all();
  include(wanted, at);
  return true;
}

void MacroReader::obey(std::string_view text) {
  const bool checks = text.starts_with("include_check");
  if (!checks && !text.starts_with("random_seed")) return;
  const Words words = split_line(text);
  if (words.words.empty()) return;
  if (words.words.front() == "random_seed" && words.words.size() == 2) {
    std::uint32_t seed = 0;
    std::from_chars(words.words[1].data(), words.words[1].data() + words.words[1].size(), seed);
    return definitions_.seed(seed);
  }
  if (words.words.front() != "include_check") return;
  checks_.obey(std::span(words.words).subspan(1));
}

bool MacroReader::condition_holds(std::string_view& text, Location& at) const {
  if (!text.starts_with('@')) return true;
  const bool inverted = text.starts_with("@^");
  const std::size_t start = inverted ? 2 : 1;
  const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
  const bool equal = end > start && text.substr(start, end - start) == options_.config_id;
  text.remove_prefix(end);
  at.column = static_cast<std::uint16_t>(std::min<std::size_t>(at.column + end, 0xffff));
  trim_start(text, at);
  return equal != inverted;
}

bool MacroReader::begin_definition(std::string_view text, Location at) {
  const std::optional<std::string> name = defined_name(text);
  if (!name) return false;
  defining_ = *name;
  defining_at_ = at;
  defining_lines_.clear();
  return continue_definition(text.substr(name->size() + 2));
}

bool MacroReader::continue_definition(std::string_view text) {
  const bool more = text.ends_with('\\');
  defining_lines_.emplace_back(trim_end(more ? text.substr(0, text.size() - 1) : text));
  if (more) return true;
  definitions_.define(defining_, std::move(defining_lines_), defining_at_);
  defining_lines_ = {};
  defining_.clear();
  return true;
}

void MacroReader::expand(std::string_view text, Location at, bool columns_hold, int depth) {
  if (text.find('$') == std::string_view::npos || is_repeat(text)) {
    emit(text, at, columns_hold, depth);
    return;
  }
  const std::string folder = folder_.size() > 1 ? folder_.substr(0, folder_.size() - 1) : folder_;
  const std::optional<std::vector<std::string>> lines = definitions_.expand(text, folder);
  if (!lines || depth > kDeepestExpansion) {
    diagnostics_.error(at, "Definitions refer to themselves or give too much text",
                       "at most 1000 replacements in a line");
    return;
  }
  uses_.add(at, definitions_.used());
  const std::vector<DefinitionUse> origins = definitions_.origins();
  emit(lines->front(), at, columns_hold && lines->front() == text, depth);
  for (std::size_t i = 1; i < lines->size(); ++i) {
    const Location inside = uses_.place_inside(at, origins[i - 1]);
    if (!begin_definition((*lines)[i], inside)) expand((*lines)[i], inside, false, depth + 1);
  }
}

void MacroReader::emit(std::string_view text, Location at, bool columns_hold, int depth) {
  if (!columns_hold && ++generated_lines_ > kMostGeneratedLines) {
    if (generated_lines_ == kMostGeneratedLines + 1) {
      diagnostics_.error(at, "Definitions and repetitions give too many lines", "at most 100000");
    }
    return;
  }
  trim_start(text, at);
  if (is_repeat(text)) {
    repeat(text, at, depth);
  } else if (!text.empty()) {
    parser_.line({text, at, columns_hold});
  }
}

void MacroReader::repeat(std::string_view text, Location at, int depth) {
  const std::size_t arguments_end = std::min(text.find(')'), text.size());
  std::string with_values(text);
  if (text.substr(0, arguments_end).find('$') != std::string_view::npos) {
    const auto values = definitions_.expand(text.substr(0, arguments_end), folder_);
    if (values) with_values = values->front() + std::string(text.substr(arguments_end));
  }
  const std::optional<Repeat> rounds = parse_repeat(with_values);
  if (!rounds || depth > kDeepestExpansion) {
    diagnostics_.error(at, "Invalid repetition", "~SEQ(VAR, [start, [step,]] end) text or ~LST(VAR, value, …) text");
    return;
  }
  for (const Repeat::Round& round : rounds->rounds) {
    for (const auto& [name, value] : round) definitions_.define(name, {value});
    expand(rounds->rest, at, false, depth + 1);
    for (const auto& [name, value] : round) definitions_.forget(name);
    if (generated_lines_ > kMostGeneratedLines) return;
  }
}

void MacroReader::complain_include(bool is_error, Location at, std::string text) {
  if (is_error) {
    diagnostics_.add({Severity::Error, ErrorClass::Include, at, std::move(text), {}, {}});
  } else {
    diagnostics_.remark(at, std::move(text));
  }
}

void MacroReader::include(const Include& wanted, Location at) {
  if (include_depth_ == kDeepestInclude || tree_.files.size() > kMostFiles) {
    diagnostics_.error(at, "Includes are nested too deeply", fmt::format("at most {} levels", kDeepestInclude));
    return;
  }
  const std::string pattern = wanted.pattern.starts_with('/') ? wanted.pattern : folder_ + wanted.pattern;
  const std::vector<std::string> found = files_.glob(pattern);
  check_matches(wanted, pattern, !found.empty(), at);
  ++include_depth_;
  for (const std::string& path : found) {
    if (const auto outer = std::ranges::find(reading_, path); outer != reading_.end()) {
      const std::string chain = fmt::format("{}", fmt::join(outer, reading_.end(), " includes "));
      diagnostics_.error(at, fmt::format("'{}' includes itself - ignoring: {} includes {}", path, chain, path),
                         "a file that is not being read already");
    } else {
      include_file(path, wanted.checks != IncludeChecks{}, at);
    }
  }
  --include_depth_;
}

void MacroReader::check_matches(const Include& wanted, const std::string& pattern, bool found, Location at) {
  const bool wild = pattern.find_first_of("*?[{") != std::string::npos;
  const bool globs = pattern.find_first_of("*?[") != std::string::npos;
  const bool braces = pattern.find('{') != std::string::npos;
  if (!found) {
    const IncludeChecks& checks = wanted.checks;
    const bool is_error = (globs && checks.wildcard_match) || (braces && checks.brace_match) || (!wild && checks.match);
    complain_include(is_error, at,
                     wild ? fmt::format("No config files matched '{}'.", wanted.pattern)
                          : fmt::format("Config files missing '{}'.", wanted.pattern));
  } else if (wanted.checks.brace_match) {
    for (const std::string& alternative : expand_braces(pattern)) {
      if (files_.glob(alternative).empty())
        complain_include(true, at, fmt::format("No config files matched '{}' of '{}'.", alternative, wanted.pattern));
    }
  }
}

void MacroReader::include_file(const std::string& path, bool must_read, Location at) {
  const FileSystem::Entry entry = files_.inspect(path);
  if (!entry.regular || entry.executable) {
    complain_include(must_read, at,
                     fmt::format("Configuration file '{}' is not a regular non-executable file - skipping", path));
  } else if (!read(path)) {
    complain_include(must_read, at, fmt::format("Unable to open configuration file '{}'", path));
  }
}

}  // namespace holdfast::config
