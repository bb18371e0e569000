#include "core/config/schema/entries.h"
#include "core/config/schema/schemas.h"
#include "core/config/schema/track_group.h"
#include "core/config/schema/vrrp_instance_lists.h"

namespace holdfast::config {

namespace {

using T = TrackGroup;

/// A second block was reported by root.cpp; the first counts.
void read_names(T& group, const Node& node, Context& context) {
  check_no_blocks(node, context.diagnostics);
  if (node.children.empty()) {
    context.diagnostics.warning(node.at, fmt::format("Warning - empty block {}", node.words.front()),
                                "names, one a line");
  }
  if (!group.members.empty()) return;
  for (const Node& line : node.children)
    group.members.insert(group.members.end(), line.words.begin(), line.words.end());
}

void write_names(const T& group, std::vector<Node>& lines) {
  lines.push_back(word_list("group", group.members));
}

}  // namespace

const Schema<TrackGroup>& track_group_schema() {
  static const Schema<T> schema{
      "track_group",
      "Instances that static entries fault.",
      {as_block(special<T>("group", "a block of names", read_names, write_names, "The instances.", "2.0.3"))}};
  return schema;
}

}  // namespace holdfast::config
