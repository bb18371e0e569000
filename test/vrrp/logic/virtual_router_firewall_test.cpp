#include <catch2/catch.hpp>

#include "test/vrrp/logic/router_bench.h"

namespace holdfast::vrrp {

namespace {

config::VirtualAddress address(const std::string& text) {
  config::VirtualAddress entry;
  entry.prefix.address = *IpAddress::parse(text);
  entry.prefix.length = 64;
  return entry;
}

FirewallBoard::Share share_of(const RouterBench& bench, const VirtualRouter& router, bool by_index = false) {
  return router.firewall_share(bench.links, by_index);
}

}  // namespace

TEST_CASE("what does not accept shares its addresses while it holds them, what accepts nothing") {
  for (const bool accepts : {false, true}) {
    RouterBench bench;
    bench.settings.accept = accepts;
    VirtualRouter router(bench.settings, bench.around());
    const std::uint64_t before = router.firewall_revision();
    CHECK(share_of(bench, router).dropped.empty());
    CHECK(share_of(bench, router).lingering.size() == (accepts ? 0U : router.wanted_addresses().size()));
    router.begin(bench.around(), nullptr, {}, kNow, bench.out);
    REQUIRE(router.state() == State::Active);
    CHECK(router.firewall_revision() != before);
    CHECK(share_of(bench, router).dropped.size() == (accepts ? 0U : router.wanted_addresses().size()));
    CHECK(share_of(bench, router).lingering.empty());
  }
}

TEST_CASE("a link-local address is dropped on its link, by name where the instance outlives it") {
  for (const bool track_primary : {true, false}) {
    RouterBench bench;
    bench.settings.accept = false;
    bench.settings.track_primary = track_primary;
    bench.settings.excluded_addresses = {address("fe80::9"), address("2001:db8::9")};
    VirtualRouter router(bench.settings, bench.around());
    router.begin(bench.around(), nullptr, {}, kNow, bench.out);
    const auto link_local = [](const FirewallBoard::Share& share) {
      for (const auto& [dropped, key] : share.dropped) {
        if (dropped.address.text() == "fe80::9") return dropped;
      }
      return DroppedAddress{};
    };
    const DroppedAddress found = link_local(share_of(bench, router));
    CHECK(found.interface_index == (track_primary ? 2U : 0U));
    CHECK(found.interface == (track_primary ? "" : "ens33"));
    CHECK(link_local(share_of(bench, router, true)).interface_index == 2U);
  }
}

TEST_CASE("another list of addresses, or another will to accept, is another revision") {
  RouterBench bench;
  VirtualRouter router(bench.settings, bench.around());
  router.begin(bench.around(), nullptr, {}, kNow, bench.out);
  const std::uint64_t before = router.firewall_revision();
  router.configure(bench.settings, bench.around(), kNow, bench.out);
  CHECK(router.firewall_revision() == before);
  config::VrrpInstance next = bench.settings;
  next.accept = false;
  router.configure(next, bench.around(), kNow, bench.out);
  CHECK(router.firewall_revision() != before);
}

}  // namespace holdfast::vrrp
