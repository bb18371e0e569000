#include "vrrp/logic/routing_board.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "test/support/effects_of.h"
#include "test/vrrp/logic/routing_support.h"
#include "vrrp/logic/engine.h"

namespace holdfast::vrrp {

namespace {

using test::all;

const TimePoint kNow = from_us(5'000'000);

config::Config with_statics(const std::vector<std::string>& routes) {
  config::Config config;
  for (const std::string& line : routes) config.static_routes.push_back(route_line(line));
  return config;
}

/// An engine that has these static routes and was told what the kernel has.
struct Bench {
  explicit Bench(const config::Config& config) {
    engine.handle(LinkChanged{2, "eth0", true, false, {}, 1500}, kNow);
    begun = engine.reconfigure(config, {}, kNow);
  }
  Effects tell(const Event& event) { return engine.handle(event, kNow); }
  Engine engine;
  Effects begun;
};

}  // namespace

TEST_CASE("the keys and protocols of all that is wanted are watched, first of all") {
  const Bench bench(with_statics({"10.1.0.0/16 dev eth0", "10.2.0.0/16 dev eth0 protocol static no_track"}));
  const auto* watch = std::get_if<WatchRouting>(&bench.begun.at(0));
  REQUIRE(watch != nullptr);
  CHECK(watch->keys.size() == 2);
  CHECK(watch->protocols == std::set<std::uint8_t>{4, 18});
}

TEST_CASE("nothing is watched when nothing is wanted") {
  CHECK(all<WatchRouting>(Bench({}).begun).empty());
}

TEST_CASE("news that may hide a loss, and removals that cannot be told apart, make us ask again") {
  Bench bench(with_statics({"10.1.0.0/16 dev eth0"}));
  const RoutingObject object = route("10.1.0.0/16 dev eth0").object;
  bench.tell(RoutingResyncStarted{});
  CHECK(all<AddRouting>(bench.tell(RoutingResyncFinished{})).size() == 1);
  bench.tell(RoutingTold{false, false, object});
  CHECK(all<VerifyRouting>(bench.tell(LinkChanged{2, "eth0", false, false, {}, 1500})).size() == 1);
  CHECK(all<VerifyRouting>(bench.tell(AddressVanished{2, *IpPrefix::parse("10.0.0.1/24")})).size() == 1);
  CHECK(all<VerifyRouting>(bench.tell(RoutingTold{false, true, object})).size() == 1);
  CHECK(all<VerifyRouting>(bench.tell(RoutingTold{true, false, route("10.1.0.0/16 dev eth1").object})).size() == 1);
  const Effects lost = bench.tell(RoutingTold{true, false, object});
  CHECK(all<AddRouting>(lost).size() == 1);
  CHECK(all<VerifyRouting>(lost).empty());
}

TEST_CASE("what the kernel tells of things that nobody wants is nothing") {
  Bench bench(with_statics({"10.1.0.0/16 dev eth0"}));
  CHECK(bench.tell(RoutingTold{true, false, route("10.7.0.0/16 dev eth0").object}).empty());
}

}  // namespace holdfast::vrrp
