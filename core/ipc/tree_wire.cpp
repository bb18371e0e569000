#include "core/ipc/tree_wire.h"

#include <string_view>

namespace holdfast {
namespace {

constexpr int kDeepestBlock = 64;

void node_to_wire(const config::Node& node, proto::ConfigTree& wire) {
  for (const std::string& word : node.words) {
    wire.mutable_octets()->append(word);
    wire.add_word_lengths(static_cast<std::uint32_t>(word.size()));
  }
  for (const std::uint16_t column : node.columns) wire.add_word_columns(column);
  wire.add_word_counts(static_cast<std::uint32_t>(node.words.size()));
  wire.add_column_counts(static_cast<std::uint32_t>(node.columns.size()));
  wire.add_child_counts(static_cast<std::uint32_t>(node.children.size()));
  wire.add_blocks(node.block);
  wire.add_node_lines(node.at.line);
  wire.add_node_columns(node.at.column);
  wire.add_node_files(node.at.file);
  for (const config::Node& child : node.children) node_to_wire(child, wire);
}

/// Reads the columns side by side; a count that the rest of a column cannot satisfy ends it.
class TreeReader {
 public:
  explicit TreeReader(const proto::ConfigTree& wire) : wire_(wire), octets_(wire.octets()) {}

  bool read(config::Tree& tree) {
    const int nodes = wire_.word_counts_size();
    const bool even = wire_.column_counts_size() == nodes && wire_.child_counts_size() == nodes &&
                      wire_.blocks_size() == nodes && wire_.node_lines_size() == nodes &&
                      wire_.node_columns_size() == nodes && wire_.node_files_size() == nodes;
    return even && read_nodes(wire_.root_count(), tree.roots, 0) && node_ == nodes &&
           word_ == wire_.word_lengths_size() && column_ == wire_.word_columns_size() && octets_.empty();
  }

 private:
  bool read_nodes(std::uint32_t count, std::vector<config::Node>& nodes, int depth) {
    if (count > static_cast<std::uint32_t>(wire_.word_counts_size() - node_) || depth > kDeepestBlock + 1) return false;
    nodes.resize(count);
    for (config::Node& node : nodes) {
      if (!read_node(node, depth)) return false;
    }
    return true;
  }

  bool read_node(config::Node& node, int depth) {
    if (depth > kDeepestBlock || node_ >= wire_.word_counts_size()) return false;
    const int at = node_++;
    node.at = {wire_.node_lines(at), static_cast<std::uint16_t>(wire_.node_columns(at)),
               static_cast<std::uint16_t>(wire_.node_files(at))};
    node.block = wire_.blocks(at);
    return read_words(wire_.word_counts(at), node) && read_columns(wire_.column_counts(at), node) &&
           read_nodes(wire_.child_counts(at), node.children, depth + 1);
  }

  bool read_words(std::uint32_t count, config::Node& node) {
    if (count == 0 || count > static_cast<std::uint32_t>(wire_.word_lengths_size() - word_)) return false;
    node.words.reserve(count);
    for (; count > 0; --count) {
      const std::uint32_t length = wire_.word_lengths(word_++);
      if (length > octets_.size()) return false;
      node.words.emplace_back(octets_.substr(0, length));
      octets_.remove_prefix(length);
    }
    return true;
  }

  bool read_columns(std::uint32_t count, config::Node& node) {
    if (count > static_cast<std::uint32_t>(wire_.word_columns_size() - column_)) return false;
    node.columns.reserve(count);
    for (; count > 0; --count) node.columns.push_back(static_cast<std::uint16_t>(wire_.word_columns(column_++)));
    return true;
  }

  const proto::ConfigTree& wire_;
  std::string_view octets_;  ///< not yet read
  int node_ = 0, word_ = 0, column_ = 0;
};

}  // namespace

void to_wire(const config::Tree& tree, proto::ConfigTree& wire) {
  for (const std::string& file : tree.files) wire.add_files(file);
  for (const config::Node& root : tree.roots) node_to_wire(root, wire);
  wire.set_root_count(static_cast<std::uint32_t>(tree.roots.size()));
}

Result<config::Tree> from_wire(const proto::ConfigTree& wire) {
  config::Tree tree;
  tree.files.assign(wire.files().begin(), wire.files().end());
  if (!TreeReader(wire).read(tree)) return Error{"malformed configuration tree"};
  return tree;
}

}  // namespace holdfast
