// The lines of a block in few octets: what a tree keeps of the blocks of which there may be ten thousand (Grammar::packed),
// and what travels to the children. The parser packs, whoever looks into such a block unpacks it, one block at a time.
// Octets may come from a socket: every length is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/config/node.h"

namespace holdfast::config {

/// Moves the lines of `node` into `node.packed`; nothing for a node without lines.
void pack(Node& node);
PackedLines packed(const std::vector<Node>& lines);

/// Gives `lines`, whose memory is used again; false when the octets are not those of a packed block: a line without
/// words, deeper than 64 blocks, a length that runs over the end, something left over.
bool unpack(const PackedLines& packed, std::vector<Node>& lines);

/// A number at the beginning of packed octets, which are shortened by it; nothing at their end, or for more than 35 bits.
inline std::optional<std::uint64_t> take_packed_number(std::string_view& octets) {
  if (!octets.empty() && static_cast<std::uint8_t>(octets.front()) < 0x80) {  // nearly always
    const auto number = static_cast<std::uint8_t>(octets.front());
    octets.remove_prefix(1);
    return number;
  }
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 35 && !octets.empty(); shift += 7) {
    const auto octet = static_cast<std::uint8_t>(octets.front());
    octets.remove_prefix(1);
    number |= std::uint64_t{octet & 0x7fU} << shift;
    if (octet < 0x80) return number;
  }
  return std::nullopt;
}

/// Looks at nodes that may be packed, one after the other.
class Unpacker {
 public:
  /// `node` itself, or a copy with its lines that is good until the next call.
  const Node& open(const Node& node);

 private:
  Node copy_;
};

}  // namespace holdfast::config
