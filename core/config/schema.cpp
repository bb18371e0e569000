#include "core/config/schema.h"

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
  return row.block == node.block;
}

Context::Context(Config& config_read, Diagnostics& all_diagnostics)
    : config(config_read), diagnostics(all_diagnostics) {}
Context::~Context() = default;

void Context::note_not_honoured(const void* row, const Node& node) {
  if (!noted.insert(row).second) return;
  diagnostics.note(node.at, fmt::format("'{}' is read but not used in this version", node.words.front()));
}

Node made_node(std::string keyword, std::vector<std::string> values) {
  Node node;
  node.words = std::move(values);
  node.words.insert(node.words.begin(), std::move(keyword));
  return node;
}

}  // namespace holdfast::config
