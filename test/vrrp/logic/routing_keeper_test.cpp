#include "vrrp/logic/routing_keeper.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "test/vrrp/logic/routing_support.h"

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

RoutingFacts known() {
  RoutingFacts facts;
  facts.resync_started();
  facts.resync_finished();
  return facts;
}

template <class T>
std::vector<std::string> texts(const Effects& effects) {
  std::vector<std::string> all;
  for (const Effect& effect : effects) {
    if (const auto* one = std::get_if<T>(&effect)) {
      for (const RoutingEntry& entry : one->entries) all.push_back(entry.text);
    }
  }
  return all;
}
using Texts = std::vector<std::string>;

/// What its chores add at that time, with as much budget as they want.
Texts added(RoutingKeeper& keeper, const RoutingFacts& facts, TimePoint now) {
  Effects out;
  for (bool done = false; !done;) {
    Budget budget;
    done = keeper.chores(facts, now, budget, out);
  }
  return texts<AddRouting>(out);
}

const RoutingEntry kOne = route("10.1.0.0/16 dev eth0"), kTwo = route("10.2.0.0/16 dev eth0");

}  // namespace

TEST_CASE("nothing is added before the kernel has told what it has, and nothing that is there") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne, kTwo}, kNow);
  keeper.hold(kNow);
  RoutingFacts facts;
  CHECK_FALSE(keeper.next_deadline(facts));
  CHECK(added(keeper, facts, kNow).empty());
  facts.resync_started();
  facts.appeared(kOne.object);
  facts.resync_finished();
  CHECK(keeper.next_deadline(facts) == kNow);
  CHECK(added(keeper, facts, kNow) == Texts{kTwo.text});
}

TEST_CASE("routes and rules go out 64 at a time") {
  RoutingKeeper keeper;
  std::vector<RoutingEntry> many;
  for (int i = 0; i < 100; ++i) many.push_back(route("10.1." + std::to_string(i) + ".0/24 dev eth0"));
  keeper.want("V", many, kNow);
  keeper.hold(kNow);
  Effects out;
  Budget budget;
  CHECK_FALSE(keeper.chores(known(), kNow, budget, out));
  CHECK(texts<AddRouting>(out).size() == 64);
}

TEST_CASE("rules are removed before routes") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne, kTwo, rule("table 5 preference 6")}, kNow);
  keeper.hold(kNow);
  Effects out;
  keeper.let_go(out);
  CHECK(texts<RemoveRouting>(out) == Texts{"table 5 preference 6", kTwo.text, kOne.text});
  CHECK(std::get<Log>(out.at(0)).text == "(V) removing Virtual Rules");
  CHECK(std::get<Log>(out.at(1)).text == "(V) removing Virtual Routes");
}

TEST_CASE("a fight over a route is paced, and never given up") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne}, kNow);
  keeper.hold(kNow);
  const RoutingFacts facts = known();
  added(keeper, facts, kNow);
  Effects out;
  for (int i = 0; i < AddressKeeper::kRestoresPerSecond; ++i) {
    keeper.vanished(kOne.object, kNow, out);
    CHECK(added(keeper, facts, kNow) == Texts{kOne.text});
  }
  keeper.vanished(kOne.object, kNow, out);
  CHECK(added(keeper, facts, kNow).empty());
  CHECK(keeper.next_deadline(facts) == kNow + seconds(1));
  CHECK(added(keeper, facts, kNow + seconds(1)) == Texts{kOne.text});
}

TEST_CASE("what is missing without a word is put back, unless it was only just ordered or is not tracked") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne, route("10.3.0.0/16 dev eth0 no_track")}, kNow);
  keeper.hold(kNow);
  const RoutingFacts facts = known();
  added(keeper, facts, kNow);
  Effects out;
  keeper.compare(facts, kNow + milliseconds(500), out);
  CHECK(added(keeper, facts, kNow + milliseconds(500)).empty());
  keeper.compare(facts, kNow + seconds(2), out);
  CHECK(added(keeper, facts, kNow + seconds(2)) == Texts{kOne.text});
}

TEST_CASE("a refusal is told once for each reason, and tried again every second") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne}, kNow);
  keeper.hold(kNow);
  const RoutingFacts facts = known();
  added(keeper, facts, kNow);
  Effects out;
  keeper.refused(kOne.object, ENETUNREACH, false, kNow, out);
  keeper.refused(kOne.object, ENETUNREACH, false, kNow, out);
  CHECK(out.size() == 1);
  CHECK(keeper.next_deadline(facts) == kNow + seconds(1));
  keeper.refused(kOne.object, ENETDOWN, false, kNow, out);
  CHECK(out.size() == 2);
}

TEST_CASE("a plain add that finds its own route there is no refusal") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne}, kNow);
  keeper.hold(kNow);
  added(keeper, known(), kNow);
  Effects out;
  keeper.refused(kOne.object, EEXIST, true, kNow, out);
  CHECK(out.empty());
  keeper.refused(kOne.object, EEXIST, false, kNow, out);
  CHECK(out.size() == 1);
}

TEST_CASE("a reload adds what is new, then removes what is not wanted any more") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne, kTwo}, kNow);
  keeper.hold(kNow);
  RoutingFacts facts = known();
  added(keeper, facts, kNow);
  facts.appeared(kOne.object);
  facts.appeared(kTwo.object);
  const RoutingEntry other = route("10.2.0.0/16 dev eth0 mtu 1400");
  CHECK(keeper.want("V", {kOne, other}, kNow));
  CHECK_FALSE(keeper.want("V", {kOne, other}, kNow));
  Effects out;
  Budget budget;
  CHECK(keeper.chores(facts, kNow, budget, out));
  CHECK(texts<AddRouting>(out) == Texts{other.text});
  CHECK(texts<RemoveRouting>(out) == Texts{kTwo.text});
  CHECK(keeper.holds(other.object));
  CHECK_FALSE(keeper.holds(kTwo.object));
}

TEST_CASE("of IPv6 there is one route for a destination and metric: it is replaced") {
  RoutingKeeper keeper;
  keeper.want("V", {route("2001:db8::/32 dev eth0")}, kNow);
  keeper.hold(kNow);
  const RoutingFacts facts = known();
  added(keeper, facts, kNow);
  keeper.want("V", {route("2001:db8::/32 dev eth1")}, kNow);
  Effects out;
  Budget budget;
  keeper.chores(facts, kNow, budget, out);
  CHECK(std::get<AddRouting>(out.at(0)).entries.at(0).order == RoutingOrder::Replace);
  CHECK(texts<RemoveRouting>(out).empty());
}

TEST_CASE("a successor that does not hold removes what is there; what only the predecessor wanted goes in any case") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne, kTwo}, kNow);
  keeper.sweep_residuals();
  keeper.inherit("V", {kTwo, route("10.9.0.0/16 dev eth0")});
  RoutingFacts facts = known();
  facts.appeared(kTwo.object);
  Effects out;
  Budget budget;
  keeper.chores(facts, kNow, budget, out);
  CHECK(texts<RemoveRouting>(out) == Texts{"10.9.0.0/16 dev eth0", kTwo.text});
}

TEST_CASE("the last wish goes although nobody watches any more") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne}, kNow);
  keeper.hold(kNow);
  added(keeper, known(), kNow);
  keeper.want("V", {}, kNow);
  Effects out;
  Budget budget;
  keeper.chores(RoutingFacts{}, kNow, budget, out);
  CHECK(texts<RemoveRouting>(out) == Texts{kOne.text});
}

TEST_CASE("a keeper of nothing costs two words, and knows still that it holds or sweeps") {
  CHECK(sizeof(RoutingKeeper) <= 16);
  RoutingKeeper keeper;
  Effects out;
  keeper.hold(kNow);
  CHECK(keeper.wanted().empty());
  CHECK_FALSE(keeper.holds(kOne.object));
  CHECK_FALSE(keeper.want("V", {}, kNow));
  CHECK(keeper.revision() == 0);
  CHECK(added(keeper, known(), kNow).empty());
  keeper.vanished(kOne.object, kNow, out);
  keeper.refused(kOne.object, ENODEV, false, kNow, out);
  keeper.want("V", {kOne}, kNow);
  CHECK(added(keeper, known(), kNow) == Texts{kOne.text});
  keeper.let_go(out);
  CHECK(texts<RemoveRouting>(out) == Texts{kOne.text});
  CHECK_FALSE(keeper.holding());
  keeper.let_go(out);
  keeper.sweep_residuals();
  CHECK(keeper.want("V", {}, kNow));
  CHECK(keeper.revision() == 2);
  out.clear();
  Budget budget;
  CHECK(keeper.chores(known(), kNow, budget, out));
  CHECK(out.empty());
}

TEST_CASE("what a predecessor left is removed in the name of the owner, also of one that wants nothing") {
  RoutingKeeper keeper;
  keeper.inherit("V", {kOne});
  Effects out;
  Budget budget;
  CHECK(keeper.chores(known(), kNow, budget, out));
  CHECK(out == Effects{RemoveRouting{"V", {kOne}}});
  CHECK(keeper.chores(known(), kNow, budget, out));
  CHECK(out.size() == 1);
}

TEST_CASE("an owner that is renamed is called by its new name") {
  RoutingKeeper keeper;
  keeper.want("V", {kOne}, kNow);
  keeper.hold(kNow);
  CHECK_FALSE(keeper.want("W", {kOne}, kNow));
  Effects out;
  keeper.let_go(out);
  REQUIRE(out.size() == 2);
  CHECK(std::get<Log>(out[0]).text == "(W) removing Virtual Routes");
  CHECK(std::get<RemoveRouting>(out[1]).owner == "W");
}

}  // namespace holdfast::vrrp
