#include "core/ipc/tree_wire.h"

namespace holdfast {
namespace {

constexpr int kDeepestBlock = 64;

void node_to_wire(const config::Node& node, proto::ConfigNode& wire) {
  wire.mutable_words()->Reserve(static_cast<int>(node.words.size()));
  for (const std::string& word : node.words) wire.add_words(word);
  for (const std::uint16_t column : node.columns) wire.add_columns(column);
  wire.set_line(node.at.line);
  wire.set_column(node.at.column);
  wire.set_file(node.at.file);
  wire.set_block(node.block);
  for (const config::Node& child : node.children) node_to_wire(child, *wire.add_children());
}

bool node_from_wire(const proto::ConfigNode& wire, config::Node& node, int depth) {
  if (wire.words().empty() || depth > kDeepestBlock) return false;
  node.words.assign(wire.words().begin(), wire.words().end());
  node.columns.reserve(static_cast<std::size_t>(wire.columns_size()));
  for (const std::uint32_t column : wire.columns()) node.columns.push_back(static_cast<std::uint16_t>(column));
  node.at = {wire.line(), static_cast<std::uint16_t>(wire.column()), static_cast<std::uint16_t>(wire.file())};
  node.block = wire.block();
  node.children.resize(static_cast<std::size_t>(wire.children_size()));
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (!node_from_wire(wire.children(static_cast<int>(i)), node.children[i], depth + 1)) return false;
  }
  return true;
}

}  // namespace

void to_wire(const config::Tree& tree, proto::ConfigTree& wire) {
  for (const std::string& file : tree.files) wire.add_files(file);
  for (const config::Node& root : tree.roots) node_to_wire(root, *wire.add_roots());
}

Result<config::Tree> from_wire(const proto::ConfigTree& wire) {
  config::Tree tree;
  tree.files.assign(wire.files().begin(), wire.files().end());
  tree.roots.resize(static_cast<std::size_t>(wire.roots_size()));
  for (std::size_t i = 0; i < tree.roots.size(); ++i) {
    if (!node_from_wire(wire.roots(static_cast<int>(i)), tree.roots[i], 0))
      return Error{"malformed configuration tree"};
  }
  return tree;
}

}  // namespace holdfast
