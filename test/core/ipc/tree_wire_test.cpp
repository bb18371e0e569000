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
  proto::ConfigNode* node = wire.add_roots();
  node->add_words("a");
  for (int i = 1; i < levels; ++i) {
    node = node->add_children();
    node->add_words("a");
  }
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
  proto::ConfigTree wire;
  wire.add_roots();
  CHECK_FALSE(from_wire(wire));
  to_wire(sample(), wire);
  wire.mutable_roots()->DeleteSubrange(0, 1);
  CHECK(from_wire(wire));
  wire.mutable_roots(0)->add_children();
  CHECK_FALSE(from_wire(wire));
}

TEST_CASE("a tree deeper than 64 blocks is refused, at whatever depth, without exhausting the stack") {
  CHECK(from_wire(deep(64)));
  CHECK_FALSE(from_wire(deep(66)));
  CHECK_FALSE(from_wire(deep(5000)));
}

TEST_CASE("numbers that do not fit are cut, not trusted") {
  proto::ConfigTree wire = deep(1);
  wire.mutable_roots(0)->set_column(0x12345);
  wire.mutable_roots(0)->set_file(0xffffffff);
  wire.mutable_roots(0)->add_columns(70000);
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
