#include "vrrp/logic/virtual_router.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/router_bench.h"

namespace holdfast::vrrp {

TEST_CASE("the source address is the configured one, else the primary of the interface") {
  RouterBench b;
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  CHECK(b.all<SendAdvert>().at(0).source == *IpAddress::parse("10.0.0.1"));
  b.out.clear();
  b.settings.source_address = IpAddress::parse("10.0.0.77");
  VirtualRouter other(b.settings, b.around());
  other.begin(b.around(), nullptr, {}, kNow, b.out);
  CHECK(b.all<SendAdvert>().at(0).source == *IpAddress::parse("10.0.0.77"));
}

TEST_CASE("a VIP on another interface is added when that interface appears") {
  RouterBench b;
  b.settings.virtual_addresses.push_back(b.settings.virtual_addresses[0]);
  b.settings.virtual_addresses[1].prefix = *IpPrefix::parse("198.51.100.9/24");
  b.settings.virtual_addresses[1].interface = "eth1";
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  b.chores(router, kNow);
  CHECK(b.all<AddAddresses>().at(0).addresses.size() == 1);
  b.out.clear();
  LinkChanged link;
  link.index = 3;
  link.name = "eth1";
  b.links.link_changed(link);
  router.reassess(b.around(), kNow, b.out);
  b.chores(router, kNow);
  REQUIRE(b.all<AddAddresses>().size() == 1);
  CHECK(b.all<AddAddresses>()[0].addresses[0].interface_index == 3);
}

TEST_CASE("the record says why the priority is what it is, and why there is a fault") {
  RouterBench b;
  b.settings.priority = 100;
  b.settings.track_interfaces = {{"eth9", -20, false, {}}, {"eth8", 0, false, {}}};
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  const InstanceRecord r = router.record();
  CHECK(r.state == State::Fault);
  CHECK(r.effective_priority == 80);
  CHECK(r.base_priority == 100);
  CHECK(r.priority_reasons == std::vector<std::string>{"interface eth9 down -20"});
  CHECK(r.fault_reasons == std::vector<std::string>{"interface eth8 down"});
}

}  // namespace holdfast::vrrp
