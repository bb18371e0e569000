#include "core/config/digest.h"

#include <string_view>

namespace holdfast::config {

namespace {

constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;  // FNV-1a, 64 bit
constexpr std::uint64_t kPrime = 0x100000001b3;

void mix(std::uint64_t& hash, std::uint8_t octet) {
  hash = (hash ^ octet) * kPrime;
}

/// Each word ends with a 0, each line with a 1, a block stands between 2 and 3: no two trees give the same octets.
void mix(std::uint64_t& hash, const Node& node) {
  for (const std::string& word : node.words) {
    for (const char c : word) mix(hash, static_cast<std::uint8_t>(c));
    mix(hash, std::uint8_t{0});
  }
  mix(hash, std::uint8_t{1});
  if (!node.block) return;
  mix(hash, std::uint8_t{2});
  for (const Node& child : node.children) mix(hash, child);
  mix(hash, std::uint8_t{3});
}

}  // namespace

std::uint64_t digest(const Tree& tree) {
  std::uint64_t hash = kOffsetBasis;
  for (const Node& root : tree.roots) mix(hash, root);
  return hash;
}

}  // namespace holdfast::config
