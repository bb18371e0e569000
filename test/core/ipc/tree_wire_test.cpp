#include "core/ipc/tree_wire.h"

#include <catch2/catch.hpp>
#include <google/protobuf/stubs/logging.h>
#include <random>

using namespace holdfast;

namespace {

config::Tree sample() {
  config::Node priority{{"priority", "100"}, {5, 14}, {}, {3, 5, 1}, false};
  config::Node empty{{"authentication"}, {5}, {}, {4, 5, 1}, true};
  config::Node instance{{"vrrp_instance", "V"}, {1, 15}, {priority, empty}, {2, 1, 0}, true};
  return {{"/etc/keepalived/keepalived.conf", "included.conf"},
          {instance, {{"net_namespace", ""}, {1, 15}, {}, {9, 1, 0}, false}}};
}

proto::ConfigTree deep(int levels) {
  proto::ConfigTree wire;
  wire.set_root_count(1);
  for (int i = 0; i < levels; ++i) {
    wire.mutable_octets()->push_back('a');
    wire.add_word_lengths(1);
    wire.add_word_counts(1);
    wire.add_column_counts(0);
    wire.add_child_counts(i + 1 < levels ? 1 : 0);
    wire.add_blocks(i + 1 < levels);
    wire.add_node_lines(1);
    wire.add_node_columns(1);
    wire.add_node_files(0);
  }
  return wire;
}

proto::ConfigTree wire_of(const config::Tree& tree) {
  proto::ConfigTree wire;
  to_wire(tree, wire);
  return wire;
}

}  // namespace

TEST_CASE("a tree travels unchanged, with its locations") {
  proto::ConfigTree wire;
  to_wire(sample(), wire);
  proto::ConfigTree received;
  REQUIRE(received.ParseFromString(wire.SerializeAsString()));
  const auto tree = from_wire(received);
  REQUIRE(tree);
  CHECK(*tree == sample());
}

TEST_CASE("an empty tree is a tree") {
  const auto tree = from_wire(proto::ConfigTree());
  REQUIRE(tree);
  CHECK(*tree == config::Tree());
}

TEST_CASE("a node without words is refused, wherever it hides") {
  config::Tree tree = sample();
  CHECK(from_wire(wire_of(tree)));
  tree.roots[0].children[1].words.clear();
  CHECK_FALSE(from_wire(wire_of(tree)));
  tree.roots.assign(1, {});
  CHECK_FALSE(from_wire(wire_of(tree)));
}

TEST_CASE("a count that a column cannot satisfy is refused before anything is made room for") {
  const auto broken = [](auto&& spoil) {
    proto::ConfigTree wire = wire_of(sample());
    spoil(wire);
    return !from_wire(wire);
  };
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_root_count(0xffffffff); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_child_counts(0, 0xffffffff); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_word_counts(0, 0xffffffff); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_column_counts(0, 0xffffffff); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_word_lengths(0, 0xffffffff); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.mutable_blocks()->RemoveLast(); }));
}

TEST_CASE("what is left over in a column is refused") {
  const auto broken = [](auto&& spoil) {
    proto::ConfigTree wire = wire_of(sample());
    spoil(wire);
    return !from_wire(wire);
  };
  CHECK(broken([](proto::ConfigTree& wire) { wire.mutable_octets()->push_back('x'); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.add_word_lengths(0); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.add_word_columns(0); }));
  CHECK(broken([](proto::ConfigTree& wire) { wire.set_root_count(1); }));
}

TEST_CASE("a tree deeper than 64 blocks is refused, at whatever depth, without exhausting the stack") {
  CHECK(from_wire(deep(65)));
  CHECK_FALSE(from_wire(deep(66)));
  CHECK_FALSE(from_wire(deep(5000)));
}

TEST_CASE("numbers that do not fit are cut, not trusted") {
  proto::ConfigTree wire = deep(1);
  wire.set_node_columns(0, 0x12345);
  wire.set_node_files(0, 0xffffffff);
  const auto tree = from_wire(wire);
  REQUIRE(tree);
  CHECK(tree->roots[0].at.column == 0x2345);
  CHECK(tree->roots[0].at.file == 0xffff);
}

TEST_CASE("rubbish that happens to parse gives a tree or an error") {
  google::protobuf::LogSilencer quiet;
  std::mt19937 random(5);
  proto::ConfigTree wire;
  to_wire(sample(), wire);
  const std::string good = wire.SerializeAsString();
  for (int i = 0; i < 5000; ++i) {
    std::string bad = good;
    for (int flips = 0; flips < 3; ++flips) bad[random() % bad.size()] = static_cast<char>(random());
    proto::ConfigTree received;
    if (received.ParseFromString(bad)) (void)from_wire(received).ok();
  }
}
