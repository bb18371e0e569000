#include "vrrp/logic/promotion_keeper.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/keeper_bench.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

struct Bench : KeeperBench<PromotionKeeper> {
  void link(std::uint32_t index, std::optional<bool> promotes) {
    KeeperBench::link(index, &LinkChanged::promotes_secondaries, promotes);
  }
};

}  // namespace

TEST_CASE("it is switched on once, and off again at the end") {
  Bench bench;
  bench.link(2, false);
  CHECK(bench.step({"ens33"}) == Effects{RememberPromotion{{"ens33", 2}}, SetPromotion{2, true}});
  CHECK(bench.step({"ens33"}).empty());
  bench.link(2, true);
  CHECK(bench.step({"ens33"}).empty());
  CHECK(bench.step({}) == Effects{ForgetPromotion{"ens33"}, SetPromotion{2, false}});
  CHECK(bench.step({}).empty());
}

TEST_CASE("what was on before stays on") {
  Bench bench;
  bench.link(2, true);
  CHECK(bench.step({"ens33"}).empty());
  CHECK(bench.step({}).empty());
}

TEST_CASE("who switches it off meanwhile is left in peace") {
  Bench bench;
  bench.link(2, false);
  bench.step({"ens33"});
  bench.link(2, false);
  CHECK(bench.step({"ens33"}).empty());
}

TEST_CASE("a successor switches off what its predecessor switched on") {
  Bench bench;
  bench.keeper.inherit({{"ens33", 2}});
  bench.link(2, true);
  CHECK(bench.step({"ens33"}).empty());
  CHECK(bench.step({}) == Effects{ForgetPromotion{"ens33"}, SetPromotion{2, false}});
}

TEST_CASE("a predecessor may have died before it did it") {
  Bench bench;
  bench.keeper.inherit({{"ens33", 2}});
  bench.link(2, false);
  CHECK(bench.step({"ens33"}) == Effects{SetPromotion{2, true}});
}

TEST_CASE("an interface that is made anew is looked at anew") {
  Bench bench;
  bench.link(2, false);
  bench.step({"ens33"});
  bench.links.link_removed(2);
  CHECK(bench.step({"ens33"}).empty());
  bench.link(5, false);
  CHECK(bench.step({"ens33"}) == Effects{RememberPromotion{{"ens33", 5}}, SetPromotion{5, true}});
  CHECK(bench.step({}) == Effects{ForgetPromotion{"ens33"}, SetPromotion{5, false}});
}
