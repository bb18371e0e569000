#include "core/ipc/tree_wire.h"

#include <catch2/catch.hpp>
#include <google/protobuf/stubs/logging.h>
#include <random>

#include "core/config/packed.h"

using namespace holdfast;

namespace {

config::Tree sample() {
  config::Node priority{{"priority", "100"}, {5, 14}, {}, {3, 5, 1}, false};
  config::Node empty{{"authentication"}, {5}, {}, {4, 5, 1}, true};
  config::Node instance{{"vrrp_instance", "V"}, {1, 15}, {priority, empty}, {2, 1, 0}, true};
  return {{"/etc/keepalived/keepalived.conf", "included.conf"},
          {instance, {{"net_namespace", ""}, {1, 15}, {}, {9, 1, 0}, false}}};
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

TEST_CASE("a block that is kept packed stays packed, and is checked nevertheless") {
  config::Node server{{"virtual_server", "10.0.0.1", "80"}, {1, 16, 25}, sample().roots, {1, 1, 0}, true};
  config::pack(server);
  proto::ConfigTree wire = wire_of({{"k.conf"}, {server}});
  const auto tree = from_wire(wire);
  REQUIRE(tree);
  CHECK(tree->roots.front() == server);
  wire.mutable_roots(0)->mutable_line_words()->pop_back();
  CHECK_FALSE(from_wire(wire));
}

TEST_CASE("a node without words is refused, wherever it hides") {
  config::Tree tree = sample();
  CHECK(from_wire(wire_of(tree)));
  tree.roots[0].children[1].words.clear();
  CHECK_FALSE(from_wire(wire_of(tree)));
  tree.roots.assign(1, {});
  CHECK_FALSE(from_wire(wire_of(tree)));
  proto::ConfigTree nothing;
  nothing.add_roots();
  CHECK_FALSE(from_wire(nothing));
}

TEST_CASE("a root that is several, or has lines of its own besides, is refused") {
  const config::PackedLines two = config::packed(sample().roots);
  proto::ConfigTree wire;
  wire.add_roots()->set_words(two.words);
  wire.mutable_roots(0)->set_places(two.places);
  CHECK_FALSE(from_wire(wire));
  const config::PackedLines one = config::packed({sample().roots[0]});
  wire.mutable_roots(0)->set_words(one.words);
  wire.mutable_roots(0)->set_places(one.places);
  CHECK_FALSE(from_wire(wire));
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
