#include "core/ipc/tree_wire.h"

#include "core/config/grammar.h"
#include "core/config/packed.h"

namespace holdfast {
namespace {

void root_to_wire(const config::Node& root, proto::ConfigTree::Root& wire) {
  const config::Node head{root.words, root.columns, {}, root.at, root.block};
  config::PackedLines packed_head = config::packed({head});
  wire.set_words(std::move(packed_head.words));
  wire.set_places(std::move(packed_head.places));
  config::PackedLines lines = root.packed.empty() ? config::packed(root.children) : *root.packed;
  wire.set_line_words(std::move(lines.words));
  wire.set_line_places(std::move(lines.places));
}

/// Lines that stay packed are nevertheless checked once: `scratch` is where.
bool root_from_wire(const proto::ConfigTree::Root& wire, config::Node& root, std::vector<config::Node>& scratch) {
  if (!config::unpack({wire.words(), wire.places()}, scratch) || scratch.size() != 1 ||
      !scratch.front().children.empty())
    return false;
  root = std::move(scratch.front());
  config::PackedLines lines{wire.line_words(), wire.line_places()};
  if (!config::grammar().keeps_packed(root.words.front())) return config::unpack(lines, root.children);
  if (!config::unpack(lines, scratch)) return false;
  root.packed = std::move(lines);
  return true;
}

}  // namespace

void to_wire(const config::Tree& tree, proto::ConfigTree& wire) {
  for (const std::string& file : tree.files) wire.add_files(file);
  wire.mutable_roots()->Reserve(static_cast<int>(tree.roots.size()));
  for (const config::Node& root : tree.roots) root_to_wire(root, *wire.add_roots());
}

Result<config::Tree> from_wire(const proto::ConfigTree& wire) {
  config::Tree tree;
  tree.files.assign(wire.files().begin(), wire.files().end());
  tree.roots.resize(static_cast<std::size_t>(wire.roots_size()));
  std::vector<config::Node> scratch;
  for (int i = 0; i < wire.roots_size(); ++i) {
    if (!root_from_wire(wire.roots(i), tree.roots[static_cast<std::size_t>(i)], scratch))
      return Error{"malformed configuration tree"};
  }
  return tree;
}

}  // namespace holdfast
