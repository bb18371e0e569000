#include "vrrp/logic/base_keeper.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/keeper_bench.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

struct Bench : KeeperBench<BaseKeeper> {
  void link(std::uint32_t index, std::optional<ArpStrictness> arp) { KeeperBench::link(index, &LinkChanged::arp, arp); }
};

}  // namespace

TEST_CASE("the interface below gets its strictness once, and its own back at the end") {
  Bench bench;
  bench.link(2, ArpStrictness{2, 0, 0});
  CHECK(bench.step({"ens33"}) ==
        Effects{RememberBase{{"ens33", 2, {2, 0, 0}}}, SetArpStrictness{2, BaseKeeper::kStrict}});
  bench.link(2, BaseKeeper::kStrict);
  CHECK(bench.step({"ens33"}).empty());
  bench.link(2, ArpStrictness{0, 0, 0});
  CHECK(bench.step({"ens33"}).empty());  // who changes it afterwards is left in peace
  CHECK(bench.step({}) == Effects{ForgetBase{"ens33"}, SetArpStrictness{2, {2, 0, 0}}});
}

TEST_CASE("one that was strict already is left as it is") {
  Bench bench;
  bench.link(2, BaseKeeper::kStrict);
  CHECK(bench.step({"ens33"}) == Effects{RememberBase{{"ens33", 2, BaseKeeper::kStrict}}});
  CHECK(bench.step({}) == Effects{ForgetBase{"ens33"}});
}

TEST_CASE("a successor gives back what its predecessor found") {
  Bench bench;
  bench.keeper.inherit({{"ens33", 2, {0, 0, 0}}});
  bench.link(2, BaseKeeper::kStrict);
  CHECK(bench.step({"ens33"}).empty());
  CHECK(bench.step({}) == Effects{ForgetBase{"ens33"}, SetArpStrictness{2, {0, 0, 0}}});

  Bench died_between;
  died_between.keeper.inherit({{"ens33", 2, {0, 0, 0}}});
  died_between.link(2, ArpStrictness{0, 0, 0});
  CHECK(died_between.step({"ens33"}) == Effects{SetArpStrictness{2, BaseKeeper::kStrict}});
}

TEST_CASE("another interface of that name begins anew") {
  Bench bench;
  bench.link(2, ArpStrictness{2, 2, 2});
  bench.step({"ens33"});
  bench.links.link_removed(2);
  CHECK(bench.step({"ens33"}).empty());
  bench.link(5, ArpStrictness{});
  CHECK(bench.step({"ens33"}).size() == 2);
  CHECK(bench.step({}) == Effects{ForgetBase{"ens33"}, SetArpStrictness{5, {0, 0, 0}}});
}

TEST_CASE("where the kernel does not tell it nothing is changed") {
  Bench bench;
  bench.link(2, std::nullopt);
  CHECK(bench.step({"ens33"}).empty());
}
