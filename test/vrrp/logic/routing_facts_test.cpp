#include "vrrp/logic/routing_facts.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/routing_support.h"

using namespace holdfast;
using namespace holdfast::vrrp;

TEST_CASE("what appeared is there until it vanished") {
  RoutingFacts facts;
  const RoutingObject one = route("10.1.0.0/16 dev eth0").object;
  const RoutingObject two = route("10.1.0.0/16 dev eth1").object;
  CHECK_FALSE(facts.vanished(one));
  facts.appeared(one);
  facts.appeared(two);
  CHECK(facts.has(one));
  CHECK(facts.vanished(one));
  CHECK_FALSE(facts.has(one));
  CHECK(facts.has(two));
}

TEST_CASE("what is not told again until the end of a resync is gone") {
  RoutingFacts facts;
  CHECK_FALSE(facts.known());
  facts.resync_started();
  facts.resync_finished();
  CHECK(facts.known());
  const RoutingObject one = route("10.1.0.0/16 dev eth0").object, two = rule("table 5 preference 6").object;
  facts.appeared(one);
  facts.appeared(two);
  facts.resync_started();
  facts.appeared(two);
  CHECK(facts.has(one));
  facts.resync_finished();
  CHECK_FALSE(facts.has(one));
  CHECK(facts.has(two));
  facts.forget();
  CHECK_FALSE(facts.known());
}
