#include "core/config/packed.h"

#include <limits>

namespace holdfast::config {
namespace {

constexpr int kDeepestBlock = 64;
constexpr std::size_t kLeastOctets = 3;  // of the words of a line: count, length, children

/// Seven bits an octet, the lowest first; the highest bit says that more follow.
void put(std::string& octets, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) octets.push_back(static_cast<char>(number | 0x80));
  octets.push_back(static_cast<char>(number));
}

/// Lines mostly go up by one; those of an include or a definition may go down.
std::uint64_t step(std::uint32_t from, std::uint32_t to) {
  return to >= from ? std::uint64_t{to - from} << 1 : std::uint64_t{from - to} << 1 | 1;
}

class Packer {
 public:
  explicit Packer(PackedLines& out) : out_(out) {}

  void add(const std::vector<Node>& nodes) {
    put(out_.words, nodes.size());
    for (const Node& node : nodes) add(node);
  }

 private:
  void add(const Node& node) {
    put(out_.words, node.words.size() << 1 | static_cast<std::size_t>(node.block));
    for (const std::string& word : node.words) {
      put(out_.words, word.size());
      out_.words += word;
    }
    add_places(node);
    add(node.children);
  }

  void add_places(const Node& node) {
    put(out_.places, step(line_, node.at.line));
    put(out_.places, node.at.file);
    put(out_.places, node.at.column);
    put(out_.places, node.columns.size());
    for (const std::uint16_t column : node.columns) put(out_.places, column);
    line_ = node.at.line;
  }

  PackedLines& out_;
  std::uint32_t line_ = 0;
};

class Reader {
 public:
  explicit Reader(const PackedLines& packed) : words_(packed.words), places_(packed.places) {}

  bool read(std::vector<Node>& nodes) { return read_nodes(nodes, 0) && words_.empty() && places_.empty(); }

 private:
  bool read_nodes(std::vector<Node>& nodes, int depth) {
    const auto count = take_packed_number(words_);
    if (!count || *count > words_.size() / kLeastOctets || (*count > 0 && depth > kDeepestBlock)) return false;
    nodes.resize(*count);
    for (Node& node : nodes) {
      if (!read_words(node) || !read_places(node) || !read_nodes(node.children, depth + 1)) return false;
    }
    return true;
  }

  bool read_words(Node& node) {
    const auto head = take_packed_number(words_);
    if (!head || *head >> 1 == 0 || *head >> 1 > words_.size()) return false;
    node.block = (*head & 1) != 0;
    node.words.resize(*head >> 1);
    for (std::string& word : node.words) {
      const auto length = take_packed_number(words_);
      if (!length || *length > words_.size()) return false;
      word.assign(words_.substr(0, *length));
      words_.remove_prefix(*length);
    }
    return true;
  }

  bool read_places(Node& node) {
    const auto line = take_packed_number(places_);
    const auto file = take_short();
    const auto column = take_short();
    const auto columns = take_packed_number(places_);
    if (!line || !file || !column || !columns || *columns > places_.size()) return false;
    const auto by = static_cast<std::uint32_t>(*line >> 1);
    line_ = (*line & 1) != 0 ? line_ - by : line_ + by;
    node.at = {line_, *column, *file};
    node.columns.resize(*columns);
    for (std::uint16_t& at : node.columns) {
      const auto next = take_short();
      if (!next) return false;
      at = *next;
    }
    return true;
  }

  std::optional<std::uint16_t> take_short() {
    const auto number = take_packed_number(places_);
    if (!number || *number > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
  }

  std::string_view words_, places_;  ///< not yet read
  std::uint32_t line_ = 0;
};

}  // namespace

PackedLines packed(const std::vector<Node>& lines) {
  PackedLines result;
  if (!lines.empty()) Packer(result).add(lines);
  return result;
}

void pack(Node& node) {
  if (node.children.empty()) return;
  PackedLines lines = packed(node.children);
  lines.words.shrink_to_fit();
  lines.places.shrink_to_fit();
  node.packed = std::move(lines);
  node.children = std::vector<Node>();  // = {} would keep its memory
}

bool unpack(const PackedLines& packed, std::vector<Node>& lines) {
  if (packed != PackedLines{}) return Reader(packed).read(lines);
  lines.clear();
  return true;
}

const Node& Unpacker::open(const Node& node) {
  if (node.packed.empty()) return node;
  copy_.words = node.words;
  copy_.columns = node.columns;
  copy_.at = node.at;
  copy_.block = node.block;
  if (!unpack(node.packed, copy_.children)) copy_.children.clear();
  return copy_;
}

}  // namespace holdfast::config
