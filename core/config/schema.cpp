#include "core/config/schema.h"

#include <algorithm>

#include "core/config/schema/schemas.h"

namespace holdfast::config {

void report_unknown(const Node& node, std::string_view block, const std::vector<std::string_view>& keywords,
                    Diagnostics& diagnostics) {
  diagnostics.error(node.at, fmt::format("Unknown keyword '{}'", node.words.front()),
                    block.empty() ? "a keyword of the root" : fmt::format("a keyword of {}", block),
                    std::string(nearest(node.words.front(), keywords)));
}

bool check_braces(const RowInfo& row, const Node& node, Diagnostics& diagnostics) {
  if (row.block && !node.block) {
    diagnostics.error(node.at, "Missing '{' at beginning of configuration block",
                      fmt::format("'{{' after '{}'", row.keyword));
  } else if (!row.block && node.block) {
    diagnostics.error(node.at, "Unexpected '{' - ignoring", fmt::format("no block after '{}'", row.keyword));
    return true;
  }
  if (row.block && node.block && node.words.size() > 1 && row.expects.starts_with("a block")) {
    const std::vector<std::string> extra(node.words.begin() + 1, node.words.end());
    diagnostics.warning(location_of(node, 1),
                        fmt::format("Block {} has extra parameters {}", row.keyword, join(extra, " ")),
                        "'{' right behind it");
  }
  return row.block == node.block;
}

Context::Context(Config& config_read, Diagnostics& all_diagnostics)
    : config(config_read), diagnostics(all_diagnostics) {}
Context::~Context() = default;

void Context::note_not_honoured(const void* row, const Node& node) {
  if (!noted.insert(row).second) return;
  diagnostics.note(node.at, fmt::format("'{}' is read but not used in this version", node.words.front()));
}

void Context::note_older_spelling(const void* row, const Node& node, const std::string& instead) {
  if (!noted.insert(row).second) return;
  diagnostics.remark(node.at, fmt::format("'{}' is an older spelling, write '{}'", node.words.front(), instead));
}

namespace {

/// Whether something that was reported as wrong stands on this line.
bool is_wrong(const Node& line, const std::vector<Diagnostic>& all, std::size_t before) {
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(), [&](const Diagnostic& diagnostic) {
    const Location& at = diagnostic.at;
    if (diagnostic.severity < Severity::Error || at.file != line.at.file || at.line != line.at.line) return false;
    return at.column == line.at.column ||
           std::find(line.columns.begin(), line.columns.end(), at.column) != line.columns.end();
  });
}

KeptLine kept_line(const Node& line, const std::vector<Diagnostic>& all, std::size_t before) {
  KeptLine kept{line.words, {}, line.block, line.at};
  for (const Node& child : line.children) {
    if (!is_wrong(child, all, before)) kept.children.push_back(kept_line(child, all, before));
  }
  return kept;
}

}  // namespace

std::optional<KeptLine> line_to_keep(const Node& line, const Diagnostics& diagnostics, std::size_t before) {
  if (is_wrong(line, diagnostics.list(), before)) return std::nullopt;
  return kept_line(line, diagnostics.list(), before);
}

Node node_of(const KeptLine& line) {
  Node node;
  node.words = line.words;
  node.block = line.block;
  node.at = line.at;
  for (const KeptLine& child : line.children) node.children.push_back(node_of(child));
  return node;
}

Node made_node(std::string keyword, std::vector<std::string> values) {
  Node node;
  node.words = std::move(values);
  node.words.insert(node.words.begin(), std::move(keyword));
  return node;
}

}  // namespace holdfast::config
