// The generic tree: what every configuration text becomes before anybody knows a keyword. It travels to the children
// over supervision.proto, so that a child can still say file:line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/rare.h"

namespace holdfast::config {

/// Where a word stands. `file` indexes Tree::files; line and column count from 1; line 0 means "nowhere".
struct Location {
  std::uint32_t line = 0;
  std::uint16_t column = 0;
  std::uint16_t file = 0;

  bool operator==(const Location&) const = default;
};

/// The lines of a block in few octets (packed.h), those that say where they stand apart.
struct PackedLines {
  std::string words, places;

  bool empty() const { return words.empty(); }
  bool operator==(const PackedLines&) const = default;
};

/// One keyword line with its block, if it opened one.
struct Node {
  std::vector<std::string> words;      ///< never empty; words[0] is the keyword
  std::vector<std::uint16_t> columns;  ///< of each word
  std::vector<Node> children = {};     ///< the lines of its block
  Location at;                         ///< of words[0]
  bool block = false;                  ///< a '{' followed, even if the block is empty
  Rare<PackedLines> packed = {};       ///< instead of `children` in large kinds of blocks of a read Tree: see Unpacker

  bool operator==(const Node&) const = default;
};

struct Tree {
  std::vector<std::string> files;  ///< as opened, in order; files[0] is the main file
  std::vector<Node> roots;

  bool operator==(const Tree&) const = default;
};

}  // namespace holdfast::config
