// What reading a text needs to know about keywords, handed in as data so that lexer and parser know none: which lines
// hold a script or a regular expression (other quoting rules), which keywords open a block (so that a missing '{' is
// reported where it is missing and reading goes on), and which stand only at the root (so that a missing '}' is found
// before the next of them). The one instance is schema/grammar.cpp.
#pragma once

#include <string_view>
#include <unordered_set>

namespace holdfast::config {

struct Grammar {
  std::unordered_set<std::string_view>
      script_keywords;                               ///< value re-tokenised with ' and " and escapes (behaviour.md a.1)
  std::unordered_set<std::string_view> blocks;       ///< keywords that are never anything but the head of a block
  std::unordered_set<std::string_view> root_blocks;  ///< of those, the ones that stand only at the root
  std::unordered_set<std::string_view> packed;       ///< of those, the ones of which there may be ten thousand

  bool holds_script(std::string_view keyword) const { return script_keywords.contains(keyword); }
  bool opens_block(std::string_view keyword) const { return blocks.contains(keyword); }
  bool keeps_packed(std::string_view keyword) const { return packed.contains(keyword); }
  bool only_at_root(std::string_view keyword) const { return root_blocks.contains(keyword); }
};

/// Of keepalived's language; defined in schema/grammar.cpp.
const Grammar& grammar();

}  // namespace holdfast::config
