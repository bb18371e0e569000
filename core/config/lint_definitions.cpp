#include "core/config/lint_definitions.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

std::optional<long> number_in(const Node* line) {
  if (line == nullptr || line->words.size() < 2) return std::nullopt;
  const std::string& word = line->words[1];
  long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::string name_of(const Node& block) {
  return block.words.size() > 1 ? block.words[1] : "";
}

/// Of these keywords the first line of a block counts.
template <std::size_t count>
void report_seconds(const Node& block, const std::array<std::string_view, count>& keywords, ErrorClass error_class,
                    Diagnostics& diagnostics) {
  std::unordered_set<std::string_view> seen;
  for (const Node& line : block.children) {
    const std::string& keyword = line.words.front();
    for (const std::string_view once : keywords) {
      if (keyword != once || seen.insert(once).second) continue;
      diagnostics.add({Severity::Warning,
                       error_class,
                       line.at,
                       fmt::format("{} already set for {} {} - ignoring", keyword, block.words.front(), name_of(block)),
                       fmt::format("one line {}", keyword),
                       {}});
    }
  }
}

void lint_process(const Node& block, Diagnostics& diagnostics) {
  const BlockLines lines(block);
  report_seconds<2>(block, {"process", "weight"}, ErrorClass::General, diagnostics);
  const Node* process = lines.find("process");
  if (process == nullptr || process->words.size() < 2) {
    diagnostics.error(block.at, fmt::format("track process '{}' process name not specified - ignoring", name_of(block)),
                      "a line process");
  }
  const auto least = number_in(lines.find("quorum")), most = number_in(lines.find("quorum_max"));
  if (!most || *most >= least.value_or(1) || (*most == 0 && !least)) return;
  const Node *first = lines.find("quorum"), *second = lines.find("quorum_max");
  const bool largest_last = first == nullptr || first->at.line <= second->at.line;
  diagnostics.error((largest_last ? second : first)->at,
                    fmt::format("quorum_max {} is less than quorum {} - ignoring {}", *most, least.value_or(1),
                                largest_last ? "quorum_max" : "quorum"),
                    "quorum up to quorum_max");
}

class GarpGroups {
 public:
  explicit GarpGroups(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void check(const Node& block) {
    const BlockLines lines(block);
    if (!lines.has("garp_interval") && !lines.has("gna_interval")) {
      diagnostics_.error(block.at, "garp group does not have any delay set - removing",
                         "a line garp_interval or gna_interval");
      return;
    }
    for (const Node& line : block.children) {
      if (line.words.front() == "interface" && line.words.size() > 1) take(line.words[1], line.at);
    }
    for (const Node* line : lines.entries("interfaces")) {
      for (const std::string& name : line->words) take(name, line->at);
    }
  }

 private:
  void take(const std::string& interface, const Location& at) {
    if (taken_.insert(interface).second) return;
    diagnostics_.error(at, fmt::format("garp_group already specified for {} - ignoring", interface),
                       "each interface in one group");
  }

  Diagnostics& diagnostics_;
  std::unordered_set<std::string> taken_;
};

}  // namespace

void lint_track_processes(const Tree& tree, Diagnostics& diagnostics) {
  for (const Node& root : tree.roots) {
    if (root.words.front() == "vrrp_track_process") lint_process(root, diagnostics);
    if (root.words.front() == "track_file" || root.words.front() == "vrrp_track_file") {
      report_seconds<1>(root, {"weight"}, ErrorClass::None, diagnostics);  // 2.2.7 is silent
    }
  }
}

void lint_garp_groups(const Tree& tree, Diagnostics& diagnostics) {
  GarpGroups groups(diagnostics);
  for (const Node& root : tree.roots) {
    if (root.words.front() == "garp_group") groups.check(root);
  }
}

void lint_definitions(const Tree& tree, Context& context) {
  lint_track_processes(tree, context.diagnostics);
  lint_bfd_instances(tree, context.diagnostics);
  lint_garp_groups(tree, context.diagnostics);
  lint_made_interfaces(tree, context, context.diagnostics);
}

}  // namespace holdfast::config
