#include <catch2/catch.hpp>
#include <cerrno>

#include "test/vrrp/logic/router_bench.h"

namespace holdfast::vrrp {

namespace {

/// An owner whose addresses belong on vrrp.51.
struct VmacBench : RouterBench {
  VmacBench() {
    settings.vmac.emplace();
    settings.vmac->name = "vrrp.51";
    settings.vmac->base = "ens33";
    settings.vmac->mac = MacAddress::virtual_router(Family::IPv4, 51);
  }
  void macvlan(bool up, std::uint32_t index = 9) {
    LinkChanged link;
    link.index = index;
    link.name = "vrrp.51";
    link.enabled = link.up = up;
    link.below = 2;
    link.mac = settings.vmac->mac;
    link.macvlan = link.private_mode = link.settled_as_vmac = true;
    links.link_changed(link);
  }
  void news(VirtualRouter& router) {
    out.clear();
    router.reassess(around(), kNow, out);
    chores(router, kNow);
  }
};

template <class What>
std::size_t first(const VmacBench& bench) {
  for (std::size_t i = 0; i < bench.out.size(); ++i) {
    if (std::holds_alternative<What>(bench.out[i])) return i;
  }
  FAIL("no such effect");
  return 0;
}

}  // namespace

TEST_CASE("the router waits for its macvlan, then raises it before the first advert and its address") {
  VmacBench bench;
  VirtualRouter router(bench.settings, bench.around());
  router.begin(bench.around(), nullptr, {}, kNow, bench.out);
  bench.chores(router, kNow);
  CHECK(router.state() == State::Initialize);
  CHECK(bench.all<MakeVmac>().size() == 1);
  CHECK_FALSE(router.vmac_endpoint());
  bench.macvlan(false);
  bench.news(router);
  CHECK(router.state() == State::Active);
  CHECK(first<SetVmacUp>(bench) < first<SendAdvert>(bench));
  CHECK(first<SendAdvert>(bench) < first<AddAddresses>(bench));
  CHECK(bench.all<SendAdvert>()[0].interface_index == 9);
  CHECK(bench.all<SendAdvert>()[0].source.text() == "10.0.0.1");
  CHECK(bench.all<AddAddresses>()[0].addresses[0].interface_index == 9);
  CHECK(bench.all<SendGratuitousArp>()[0].mac == bench.settings.vmac->mac);
  CHECK(router.vmac_endpoint()->interface_index == 9);
  CHECK(router.endpoint()->interface_index == 2);
  CHECK(router.record().vmacs == std::vector{VmacRecord{"vrrp.51", 9}});
}

TEST_CASE("adverts count where all of them come in: on the macvlan while it is up, else below it") {
  VmacBench bench;
  bench.macvlan(false);
  VirtualRouter router(bench.settings, bench.around());
  CHECK(router.hears_on(2));
  CHECK_FALSE(router.hears_on(9));
  bench.macvlan(true);
  router.begin(bench.around(), nullptr, {}, kNow, bench.out);
  bench.news(router);
  CHECK_FALSE(router.hears_on(2));
  CHECK(router.hears_on(9));
}

TEST_CASE("unicast adverts, and those of vmac_xmit_base, leave from the interface below") {
  for (const bool unicast : {false, true}) {
    VmacBench bench;
    if (unicast)
      bench.settings.unicast_peers.push_back({*IpAddress::parse("10.0.0.2"), {}, {}, {}});
    else
      bench.settings.vmac_xmit_base = true;
    bench.macvlan(false);
    VirtualRouter router(bench.settings, bench.around());
    router.begin(bench.around(), nullptr, {}, kNow, bench.out);
    bench.chores(router, kNow);
    REQUIRE_FALSE(bench.all<SendAdvert>().empty());
    CHECK(bench.all<SendAdvert>()[0].interface_index == 2);
    CHECK(bench.all<AddAddresses>()[0].addresses[0].interface_index == 9);
    CHECK(router.hears_on(2));
    CHECK(router.vmac_endpoint().has_value() != unicast);
  }
}

TEST_CASE("an advert that could not leave for want of the macvlan leaves when it is back") {
  VmacBench bench;
  bench.macvlan(true);
  VirtualRouter router(bench.settings, bench.around());
  router.begin(bench.around(), nullptr, {}, kNow, bench.out);
  bench.chores(router, kNow);
  bench.links.link_removed(9);
  bench.news(router);
  CHECK(router.state() == State::Active);
  CHECK(bench.all<MakeVmac>().size() == 1);
  bench.out.clear();
  router.on_timer(kNow + seconds(1), bench.out);
  CHECK(bench.all<SendAdvert>().empty());
  bench.macvlan(false, 10);
  bench.out.clear();
  router.reassess(bench.around(), kNow + seconds(1), bench.out);
  bench.chores(router, kNow + seconds(1));
  REQUIRE(bench.all<SendAdvert>().size() == 1);
  CHECK(bench.all<SendAdvert>()[0].interface_index == 10);
  CHECK(first<SetVmacUp>(bench) < first<SendAdvert>(bench));
}

TEST_CASE("a macvlan that cannot be made is a fault, and its coming the end of it") {
  VmacBench bench;
  VirtualRouter router(bench.settings, bench.around());
  router.begin(bench.around(), nullptr, {}, kNow, bench.out);
  bench.chores(router, kNow);
  router.vmac_refused({"vrrp.51", VmacRefused::What::Make, EOPNOTSUPP}, bench.around(), kNow, bench.out);
  CHECK(router.state() == State::Fault);
  CHECK(router.record().fault_reasons == std::vector<std::string>{"VMAC interface vrrp.51 missing"});
  bench.macvlan(false);
  bench.news(router);
  CHECK(router.state() == State::Active);
}

TEST_CASE("a stop takes the macvlan away, unless the addresses are to stay") {
  for (const bool keep : {false, true}) {
    VmacBench bench;
    bench.macvlan(true);
    VirtualRouter router(bench.settings, bench.around());
    router.begin(bench.around(), nullptr, {}, kNow, bench.out);
    bench.out.clear();
    router.stop(keep, kNow, bench.out);
    CHECK(bench.all<RemoveVmac>().size() == (keep ? 0 : 1));
  }
}

}  // namespace holdfast::vrrp
