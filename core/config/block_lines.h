// The lines of one block by keyword, for checks that look at several of them. Of a keyword that stands there more than
// once the last counts, as in keepalived (behaviour.md a.1). Built once for a block, O(lines); holds pointers into the
// tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ip_address.h"
#include "core/config/node.h"

namespace holdfast::config {

class BlockLines {
 public:
  explicit BlockLines(const Node& block);

  bool has(std::string_view keyword) const { return find(keyword) != nullptr; }
  /// The last such line, or nullptr.
  const Node* find(std::string_view keyword) const;
  /// Where it stands, else where the block does.
  Location at(std::string_view keyword) const;
  /// Of a keyword with an on/off value: the bare keyword is true; nothing when it is missing or wrong.
  std::optional<bool> boolean(std::string_view keyword) const;
  /// Its first value as an address; a prefix length is dropped.
  std::optional<IpAddress> address(std::string_view keyword) const;
  /// The lines of all blocks of this keyword, in order.
  std::vector<const Node*> entries(std::string_view keyword) const;

 private:
  const Node* block_;
  std::unordered_map<std::string_view, const Node*> last_;
};

/// The address that a word begins with; a prefix length is dropped.
std::optional<IpAddress> address_in(const std::string& word);

}  // namespace holdfast::config
