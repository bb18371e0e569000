#include "core/config/digest.h"

#include <algorithm>
#include <string_view>

#include "core/config/packed.h"

namespace holdfast::config {

namespace {

constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;  // FNV-1a, 64 bit
constexpr std::uint64_t kPrime = 0x100000001b3;

void mix(std::uint64_t& hash, std::uint8_t octet) {
  hash = (hash ^ octet) * kPrime;
}

void mix_packed(std::uint64_t& hash, std::string_view& words);

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
  if (std::string_view words = node.packed->words; !words.empty()) mix_packed(hash, words);
  mix(hash, std::uint8_t{3});
}

/// The same of packed lines, without unpacking them. They were checked when they were read.
void mix_packed(std::uint64_t& hash, std::string_view& words) {
  for (std::uint64_t lines = take_packed_number(words).value_or(0); lines > 0 && !words.empty(); --lines) {
    const std::uint64_t head = take_packed_number(words).value_or(0);
    for (std::uint64_t word = head >> 1; word > 0; --word) {
      const std::size_t length = std::min<std::size_t>(take_packed_number(words).value_or(0), words.size());
      for (const char c : words.substr(0, length)) mix(hash, static_cast<std::uint8_t>(c));
      words.remove_prefix(length);
      mix(hash, std::uint8_t{0});
    }
    mix(hash, std::uint8_t{1});
    std::uint64_t unused = 0;
    const bool block = (head & 1) != 0;
    if (block) mix(hash, std::uint8_t{2});
    mix_packed(block ? hash : unused, words);
    if (block) mix(hash, std::uint8_t{3});
  }
}

}  // namespace

std::uint64_t digest(const Tree& tree) {
  std::uint64_t hash = kOffsetBasis;
  for (const Node& root : tree.roots) mix(hash, root);
  return hash;
}

}  // namespace holdfast::config
