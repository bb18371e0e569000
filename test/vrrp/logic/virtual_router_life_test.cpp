#include <catch2/catch.hpp>

#include "test/vrrp/logic/router_bench.h"

namespace holdfast::vrrp {

TEST_CASE("a label that changes comes with the address removed and added anew") {
  RouterBench b;
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  b.chores(router, kNow);
  b.out.clear();
  config::VrrpInstance next = b.settings;
  next.virtual_addresses[0].details.own().label = "ens33:1";
  router.configure(next, b.around(), kNow, b.out);
  b.chores(router, kNow);
  REQUIRE(b.all<RemoveAddresses>().size() == 1);
  CHECK(b.all<RemoveAddresses>()[0].addresses[0].entry.details->label.empty());
  REQUIRE(b.all<AddAddresses>().size() == 1);
  CHECK(b.all<AddAddresses>()[0].addresses[0].entry.details->label == "ens33:1");
}

TEST_CASE("an IPv6 address whose prefix changes is removed before it is added") {
  RouterBench b;
  b.settings.excluded_addresses.push_back({});
  b.settings.excluded_addresses[0].prefix = *IpPrefix::parse("2001:db8::9/64");
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  b.chores(router, kNow);
  b.out.clear();
  config::VrrpInstance next = b.settings;
  next.excluded_addresses[0].prefix.length = 128;
  router.configure(next, b.around(), kNow, b.out);
  b.chores(router, kNow);
  REQUIRE(b.out.size() >= 2);
  CHECK(std::holds_alternative<RemoveAddresses>(b.out[0]));
  CHECK(b.all<AddAddresses>().size() == 1);
}

}  // namespace holdfast::vrrp
