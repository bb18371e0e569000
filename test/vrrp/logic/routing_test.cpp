#include "vrrp/logic/routing.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/routing_support.h"

using namespace holdfast;
using namespace holdfast::vrrp;

TEST_CASE("entries are routes, then rules, with numbers of interfaces") {
  const auto entries =
      resolve_routing({route_line("10.1.0.0/16 dev eth1")}, {rule_line("table 5 preference 7")}, two_links());
  REQUIRE(entries.size() == 2);
  CHECK(std::get<RouteSpec>(entries[0].object).hops.at(0).interface_index == 3);
  CHECK(entries[0].text == "10.1.0.0/16 dev eth1");
  CHECK(std::string(noun_of(entries[1])) == "rule");
}

TEST_CASE("what names an interface that does not exist, or a VRF that is none, waits") {
  CHECK(resolve_routing({route_line("10.1.0.0/16 dev eth9")}, {}, two_links()).empty());
  CHECK(resolve_routing({route_line("10.1.0.0/16 dev eth0 vrf eth1")}, {}, two_links()).empty());
  LinkTable links = two_links();
  LinkChanged vrf{9, "red", true, false, {}, 1500};
  vrf.vrf_table = 88;
  links.link_changed(vrf);
  const auto entries = resolve_routing({route_line("10.1.0.0/16 dev eth0 vrf red")}, {}, links);
  CHECK(std::get<RouteSpec>(entries.at(0).object).table == 88);
}

TEST_CASE("a route of the kernel fits what was wanted") {
  const RoutingObject wanted = route("10.1.0.0/16 via 10.0.0.1 mtu 1400").object;
  RouteSpec found = std::get<RouteSpec>(wanted);
  found.metrics = {};
  found.hops[0].interface_index = 2;
  CHECK(fits(wanted, found));
  CHECK(routing_key(wanted) == routing_key(found));
  RouteSpec other = found;
  other.hops[0].gateway = IpAddress::parse("10.0.0.2");
  CHECK_FALSE(fits(wanted, other));
  other = found;
  other.protocol = 4;
  CHECK_FALSE(fits(wanted, other));
  other = found;
  other.source = IpAddress::parse("10.0.0.2");
  CHECK_FALSE(fits(wanted, other));
  CHECK(routing_key(wanted) != routing_key(route("10.1.0.0/16 via 10.0.0.1 metric 7").object));
  CHECK(routing_key(wanted) != routing_key(route("10.1.0.0/16 via 10.0.0.1 table 7").object));
}

TEST_CASE("hops fit in any order, each once") {
  const RoutingObject wanted = route("10.1.0.0/16 nexthop dev eth0 nexthop dev eth1").object;
  RouteSpec found = std::get<RouteSpec>(wanted);
  std::swap(found.hops[0], found.hops[1]);
  CHECK(fits(wanted, found));
  found.hops[0] = found.hops[1];
  CHECK_FALSE(fits(wanted, found));
}

TEST_CASE("the kernel's interface of a blackhole does not matter") {
  const RoutingObject wanted = route("blackhole 2001:db8::/32").object;
  RouteSpec found = std::get<RouteSpec>(wanted);
  found.hops.resize(1);
  found.hops[0].interface_index = 1;
  CHECK(fits(wanted, found));
}

TEST_CASE("a rule fits when all is the same, zeros aside") {
  const RoutingObject wanted = rule("from 10.1.0.0/16 fwmark 0/0xff table 5 preference 7").object;
  RuleSpec found = std::get<RuleSpec>(wanted);
  found.mark.reset();
  CHECK(fits(wanted, found));
  found.protocol = 0;
  CHECK(fits(wanted, found));
  found.input_interface = "eth0";
  CHECK_FALSE(fits(wanted, found));
  CHECK_FALSE(fits(wanted, route("10.1.0.0/16 dev eth0").object));
}

TEST_CASE("the interfaces of routes are those of their hops and VRFs") {
  CHECK(interfaces_of({route_line("10.1.0.0/16 dev a vrf v"), route_line("10.2.0.0/16 nexthop dev b nexthop dev c")}) ==
        std::vector<std::string>{"a", "v", "b", "c"});
}
