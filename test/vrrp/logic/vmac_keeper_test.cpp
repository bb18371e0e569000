#include "vrrp/logic/vmac_keeper.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "test/support/effects_of.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using holdfast::test::all;

namespace {

const TimePoint kNow = from_us(5'000'000);
const MacAddress kMac = MacAddress::virtual_router(Family::IPv4, 51);

config::Vmac wanted(const std::string& name = "vrrp.51") {
  config::Vmac vmac;
  vmac.name = name;
  vmac.base = "ens33";
  vmac.mac = kMac;
  return vmac;
}

LinkChanged base(std::uint32_t index = 2) {
  LinkChanged link;
  link.index = index;
  link.name = "ens33";
  link.up = link.enabled = true;
  return link;
}

LinkChanged macvlan(bool up = false, std::uint32_t index = 9) {
  LinkChanged link;
  link.index = index;
  link.name = "vrrp.51";
  link.enabled = link.up = up;
  link.below = 2;
  link.macvlan = link.private_mode = link.settled_as_vmac = true;
  link.mac = kMac;
  return link;
}

/// A keeper with facts; each step gives the effects of that step alone.
struct Bench {
  LinkTable links;
  VmacKeeper keeper;
  bool active = false;

  Bench() {
    links.link_changed(base());
    keeper.want({wanted()});
  }
  Effects step(TimePoint now = kNow) {
    Effects out;
    keeper.learn(links);
    Budget budget;
    keeper.step("V", active, now, budget, out);
    return out;
  }
  Effects told(const LinkChanged& link, TimePoint now = kNow) {
    links.link_changed(link);
    return step(now);
  }
  Effects gone(std::uint32_t index, TimePoint now = kNow) {
    links.link_removed(index);
    return step(now);
  }
};

}  // namespace

TEST_CASE("a missing macvlan is made once, and again when nothing came of it") {
  Bench bench;
  CHECK(all<MakeVmac>(bench.step()).size() == 1);
  CHECK(bench.step(kNow + milliseconds(999)).empty());
  CHECK(bench.keeper.next_deadline() == kNow + seconds(1));
  CHECK(all<MakeVmac>(bench.step(kNow + seconds(1))).size() == 1);
  CHECK(bench.keeper.awaited());
  CHECK(all<Log>(bench.told(macvlan())).size() == 1);
  CHECK_FALSE(bench.keeper.awaited());
  CHECK(bench.keeper.index_of("vrrp.51") == 9);
}

TEST_CASE("one that is right is not touched") {
  Bench bench;
  CHECK(bench.told(macvlan()).empty());
  bench.active = true;
  CHECK(bench.told(macvlan(true)).empty());
  CHECK_FALSE(bench.keeper.next_deadline());
}

TEST_CASE("one without the settings gets them once") {
  Bench bench;
  LinkChanged link = macvlan();
  link.settled_as_vmac = false;
  CHECK(all<SettleVmac>(bench.told(link)).size() == 1);
  CHECK(bench.step().empty());
}

TEST_CASE("it is made in the VRF of its base, and follows it, at most once a second") {
  Bench bench;
  LinkChanged vrf, below = base();
  vrf.index = 7;
  vrf.name = "blue";
  vrf.vrf_table = 10;
  bench.links.link_changed(vrf);
  below.master = 7;
  const std::vector<MakeVmac> made = all<MakeVmac>(bench.told(below));
  REQUIRE(made.size() == 1);
  CHECK(made.front().vrf_index == 7);
  LinkChanged link = macvlan();
  link.master = 7;
  CHECK(all<SetVmacVrf>(bench.told(link)).empty());
  CHECK_FALSE(bench.keeper.next_deadline());
  below.master = 0;
  const std::vector<SetVmacVrf> leaves{{"vrrp.51", 9, 0}}, joins{{"vrrp.51", 9, 7}};
  CHECK(all<SetVmacVrf>(bench.told(below)) == leaves);
  CHECK(bench.step().empty());
  CHECK(bench.keeper.next_deadline() == kNow + seconds(1));
  CHECK(all<SetVmacVrf>(bench.step(kNow + seconds(1))) == leaves);
  link.master = 0;
  CHECK(bench.told(link, kNow + seconds(1)).empty());
  below.master = 7;
  CHECK(all<SetVmacVrf>(bench.told(below, kNow + seconds(5))) == joins);
}

TEST_CASE("a base that belongs to a bridge or bond takes nothing along") {
  Bench bench;
  LinkChanged bond, below = base();
  bond.index = 7;
  bond.name = "bond0";
  bench.links.link_changed(bond);
  bench.told(macvlan());
  below.master = 7;
  CHECK(bench.told(below).empty());
}

TEST_CASE("it is up while the router is Active, and told so until it is") {
  Bench bench;
  bench.told(macvlan());
  bench.active = true;
  Effects out;
  bench.keeper.raise(kNow, out);
  CHECK(out == Effects{SetVmacUp{"vrrp.51", 9, true}});
  CHECK(bench.keeper.usable("vrrp.51"));
  CHECK_FALSE(bench.keeper.up("vrrp.51"));
  CHECK(bench.step().empty());
  CHECK(bench.step(kNow + VmacKeeper::kRetryRaise) == out);
  CHECK(bench.told(macvlan(true)).empty());
  CHECK(bench.told(macvlan(false), kNow + milliseconds(1)) == out);
  bench.told(macvlan(true));
  bench.active = false;
  CHECK(bench.step() == Effects{SetVmacUp{"vrrp.51", 9, false}});
  CHECK(bench.step().empty());
}

TEST_CASE("who raises it in Backup is left in peace after one answer") {
  Bench bench;
  CHECK(bench.told(macvlan(true)) == Effects{SetVmacUp{"vrrp.51", 9, false}});
  CHECK(bench.told(macvlan(false)).empty());
  CHECK(bench.told(macvlan(true)).empty());
}

TEST_CASE("one that others remove is made at once, but not faster than they can remove it") {
  Bench bench;
  bench.step();
  bench.told(macvlan());
  CHECK(all<MakeVmac>(bench.gone(9, kNow + milliseconds(50))).empty());
  CHECK(bench.keeper.next_deadline() == kNow + VmacKeeper::kLeastBetweenMakes);
  CHECK(all<MakeVmac>(bench.step(kNow + VmacKeeper::kLeastBetweenMakes)).size() == 1);
  bench.told(macvlan(false, 10), kNow + seconds(5));
  CHECK(all<MakeVmac>(bench.gone(10, kNow + seconds(9))).size() == 1);
}

TEST_CASE("without the interface below there is nothing to do") {
  Bench bench;
  bench.gone(2);
  CHECK(bench.step().empty());
  CHECK_FALSE(bench.keeper.next_deadline());
}

TEST_CASE("one with another MAC, mode or base is replaced") {
  for (const int wrong : {0, 1, 2}) {
    Bench bench;
    LinkChanged link = macvlan();
    if (wrong == 0) link.mac.octets[5] = 1;
    if (wrong == 1) link.private_mode = false;
    if (wrong == 2) link.below = 3;
    CHECK(all<RemoveVmac>(bench.told(link)) == std::vector{RemoveVmac{"vrrp.51", 9}});
    CHECK(bench.step().empty());
    CHECK(all<MakeVmac>(bench.gone(9)).size() == 1);
  }
}

TEST_CASE("a link of that name that is no macvlan is never removed") {
  Bench bench;
  LinkChanged link = macvlan();
  link.macvlan = link.private_mode = false;
  CHECK(all<RemoveVmac>(bench.told(link)).empty());
  CHECK(bench.keeper.refused_name() == "vrrp.51");
  CHECK(bench.step().empty());
  CHECK(all<MakeVmac>(bench.gone(9)).size() == 1);
}

TEST_CASE("a refusal is said once, shown, and tried again") {
  Bench bench;
  bench.step();
  Effects out;
  const VmacRefused refusal{"vrrp.51", VmacRefused::What::Make, EOPNOTSUPP};
  bench.keeper.refused(refusal, "V", kNow, out);
  bench.keeper.refused(refusal, "V", kNow, out);
  CHECK(all<Log>(out).size() == 1);
  CHECK(bench.keeper.refused_name() == "vrrp.51");
  CHECK_FALSE(bench.keeper.awaited());
  CHECK(all<MakeVmac>(bench.step(kNow + seconds(1))).size() == 1);
  bench.told(macvlan());
  CHECK(bench.keeper.refused_name().empty());
}

TEST_CASE("that it exists already is no refusal") {
  Bench bench;
  bench.step();
  Effects out;
  bench.keeper.refused({"vrrp.51", VmacRefused::What::Make, EEXIST}, "V", kNow, out);
  CHECK(out.empty());
  CHECK(bench.keeper.awaited());
}

TEST_CASE("what a reload drops waits for its removal, unless its MAC is in the way") {
  Bench bench;
  bench.told(macvlan());
  config::Vmac other = wanted("foo");
  other.mac.octets[5] = 7;
  bench.keeper.want({other});
  CHECK(bench.keeper.awaited_by_reload());
  CHECK(all<RemoveVmac>(bench.step()).empty());
  Effects out;
  bench.keeper.remove_unwanted("V", out);
  CHECK(all<RemoveVmac>(out) == std::vector{RemoveVmac{"vrrp.51", 9}});

  Bench renamed;
  renamed.told(macvlan());
  renamed.keeper.want({wanted("foo")});
  CHECK_FALSE(renamed.keeper.awaited_by_reload());
  const Effects effects = renamed.step();
  CHECK(all<RemoveVmac>(effects) == std::vector{RemoveVmac{"vrrp.51", 9}});
  CHECK(all<MakeVmac>(effects).size() == 1);
}

TEST_CASE("what a predecessor left and nobody wants is removed, if it is still that") {
  Bench bench;
  LinkChanged old = macvlan(true, 7);
  old.name = "vrrp.7";
  bench.links.link_changed(old);
  bench.keeper.inherit({{"vrrp.7", 7}, {"vrrp.8", 8}, {"ens33", 2}, {"vrrp.51", 9}});
  bench.step();
  Effects out;
  bench.keeper.remove_unwanted("V", out);
  CHECK(all<RemoveVmac>(out) == std::vector{RemoveVmac{"vrrp.7", 7}});
}

TEST_CASE("a router that ends takes all of them with it") {
  Bench bench;
  bench.told(macvlan(true));
  Effects out;
  bench.keeper.remove_all("V", out);
  CHECK(all<RemoveVmac>(out).size() == 1);
  CHECK(bench.keeper.records().empty());
}

TEST_CASE("many of them are made in turns, so that adverts need not wait") {
  LinkTable links;
  links.link_changed(base());
  VmacKeeper keeper;
  std::vector<config::Vmac> many;
  for (int i = 0; i < 20; ++i) many.push_back(wanted("v" + std::to_string(i)));
  keeper.want(many);
  keeper.learn(links);
  std::size_t made = 0;
  for (int turn = 0; turn < 3; ++turn) {
    Effects out;
    Budget budget;
    keeper.step("V", false, kNow, budget, out);
    CHECK(all<MakeVmac>(out).size() <= 8);
    made += all<MakeVmac>(out).size();
    if (turn < 2) CHECK(keeper.next_deadline() == kNow);
  }
  CHECK(made == 20);
}

TEST_CASE("one that does not come up is a fault after a second, for ten") {
  Bench bench;
  bench.told(macvlan());
  bench.active = true;
  const VmacRefused refusal{"vrrp.51", VmacRefused::What::Raise, EADDRINUSE};
  Effects out;
  bench.step();
  bench.keeper.refused(refusal, "V", kNow, out);
  CHECK(bench.keeper.refused_name().empty());
  bench.keeper.refused(refusal, "V", kNow + seconds(1), out);
  bench.keeper.refused(refusal, "V", kNow + seconds(2), out);
  CHECK(all<Log>(out).size() == 1);
  CHECK(bench.keeper.refused_name() == "vrrp.51");
  bench.active = false;
  bench.step(kNow + seconds(2));
  CHECK(bench.keeper.next_deadline() == kNow + seconds(11));
  CHECK_FALSE(bench.keeper.forgive(kNow + seconds(10)));
  CHECK(bench.keeper.forgive(kNow + seconds(11)));
  CHECK(bench.keeper.refused_name().empty());
}
