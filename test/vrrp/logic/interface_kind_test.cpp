#include "vrrp/logic/interface_kind.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

LinkChanged link(std::uint32_t index, const char* name, const char* kind, std::uint32_t below = 0) {
  LinkChanged fact;
  fact.index = index;
  fact.name = name;
  fact.kind = kind;
  fact.below = below;
  return fact;
}

}  // namespace

TEST_CASE("the kind of an interface is its type, and for one on another the name of that") {
  LinkTable links;
  links.link_changed(link(2, "eth0", ""));
  links.link_changed(link(3, "v0", "veth", 4));
  CHECK(interface_kind(*links.by_name("eth0"), links) == "hardware");
  CHECK(interface_kind(*links.by_name("v0"), links) == "veth");
  CHECK(interface_kind(link(9, "m", "macvlan", 2), links) == "macvlan on eth0");
  CHECK(interface_kind(link(9, "m", "vlan", 3), links) == "vlan on v0");
  CHECK(interface_kind(link(9, "m", "vlan", 7), links) == "vlan");
}

}  // namespace holdfast::vrrp
