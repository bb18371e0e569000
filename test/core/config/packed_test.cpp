#include "core/config/packed.h"

#include <catch2/catch.hpp>
#include <random>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

std::vector<Node> sample() {
  const Node check{{"TCP_CHECK"}, {9}, {}, {4, 9, 0}, true};
  const Node server{{"real_server", "10.0.0.1", ""}, {5, 17, 300}, {check}, {3, 5, 0}, true};
  const Node moved{{std::string("a\0b", 3)}, {}, {}, {1, 65535, 65535}, false};
  return {server, moved, Node{{std::string(70000, 'x')}, {1}, {}, {4294967295, 1, 2}, false}};
}

std::vector<Node> nested(int levels) {
  std::vector<Node> lines;
  for (int i = 0; i < levels; ++i) lines = {Node{{"b"}, {}, std::move(lines), {1, 1, 0}, true}};
  return lines;
}

bool readable(const std::string& words, const std::string& places) {
  std::vector<Node> lines;
  return unpack({words, places}, lines);
}

}  // namespace

TEST_CASE("lines come out as they went in, whatever stood in the memory before") {
  std::vector<Node> lines = nested(5);
  REQUIRE(unpack(packed(sample()), lines));
  CHECK(lines == sample());
  REQUIRE(unpack(packed(nested(3)), lines));
  CHECK(lines == nested(3));
  REQUIRE(unpack({}, lines));
  CHECK(lines.empty());
}

TEST_CASE("a line of a usual file takes no more than twenty octets besides its words") {
  const PackedLines lines = packed({Node{{"weight", "1"}, {9, 16}, {}, {1000, 9, 0}, false}});
  CHECK(lines.words.size() + lines.places.size() <= 7 + 20);
}

TEST_CASE("a virtual_server is packed when the next block begins, and at the end of the file") {
  const Loaded loaded =
      load_text("virtual_server 10.0.0.1 80 {\n lb_algo rr\n}\nvirtual_server 10.0.0.2 80 {\n lb_algo rr\n");
  REQUIRE(loaded.tree.roots.size() == 2);
  Unpacker unpacker;
  for (const Node& root : loaded.tree.roots) {
    CHECK(root.children.empty());
    CHECK(unpacker.open(root).children.front().words.front() == "lb_algo");
    CHECK(unpacker.open(root).words == root.words);
  }
}

TEST_CASE("a block that is not packed is opened as it is") {
  const Node node{{"a"}, {1}, nested(1), {1, 1, 0}, true};
  Unpacker unpacker;
  CHECK(&unpacker.open(node) == &node);
}

TEST_CASE("every cut of packed octets is refused") {
  const PackedLines whole = packed(nested(4));
  for (std::size_t size = 1; size < whole.words.size(); ++size)
    CHECK_FALSE(readable(whole.words.substr(0, size), whole.places));
  for (std::size_t size = 0; size < whole.places.size(); ++size)
    CHECK_FALSE(readable(whole.words, whole.places.substr(0, size)));
  CHECK_FALSE(readable(whole.words + "x", whole.places));
  CHECK_FALSE(readable(whole.words, whole.places + "x"));
}

TEST_CASE("a count that the octets cannot satisfy is refused before anything is made room for") {
  const std::string huge = "\xff\xff\xff\xff\x0f";
  CHECK_FALSE(readable(huge, "x"));
  CHECK_FALSE(readable("\x01" + huge + "abc", "x"));
  CHECK_FALSE(readable(std::string("\x01\x02", 2) + huge + "abc", "x"));
  CHECK_FALSE(readable(std::string("\x01\x02\x01"
                                   "a\x00",
                                   5),
                       std::string("\x02\x00\x01", 3) + huge));
  CHECK_FALSE(readable(std::string(100, '\xff'), "x"));
}

TEST_CASE("a line without words is refused") {
  CHECK_FALSE(readable(std::string("\x01\x00\x00", 3), std::string("\x02\x00\x01\x00", 4)));
}

TEST_CASE("blocks deeper than 64 are refused without exhausting the stack") {
  std::vector<Node> lines;
  CHECK(unpack(packed(nested(65)), lines));
  CHECK_FALSE(unpack(packed(nested(66)), lines));
  CHECK_FALSE(unpack(packed(nested(5000)), lines));
}

TEST_CASE("rubbish gives lines or nothing") {
  std::mt19937 random(7);
  const PackedLines good = packed(sample());
  for (int i = 0; i < 3000; ++i) {
    PackedLines bad{good.words.substr(0, 60), good.places};
    for (int flips = 0; flips < 3; ++flips) {
      bad.words[random() % bad.words.size()] = static_cast<char>(random());
      bad.places[random() % bad.places.size()] = static_cast<char>(random());
    }
    std::vector<Node> lines;
    (void)unpack(bad, lines);
  }
}
