#include "vrrp/logic/virtual_router.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

struct Bench {
  LinkTable links;
  ScriptTable scripts;
  std::set<IpAddress> vips;
  std::set<AddressKey> leaving;
  config::VrrpInstance settings;
  Effects out;
  Bench() {
    LinkChanged link;
    link.index = 2;
    link.name = "ens33";
    link.up = true;
    links.link_changed(link);
    links.address_appeared({2, *IpPrefix::parse("10.0.0.1/24"), false});
    settings.name = "V";
    settings.interface = "ens33";
    settings.virtual_router_id = 51;
    settings.priority = 255;
    settings.virtual_addresses.push_back({});
    settings.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
    vips.insert(*IpAddress::parse("192.0.2.9"));
  }
  std::set<std::string> grouped;
  Surroundings around() const { return {links, scripts, vips, leaving, {}, grouped}; }
  void chores(VirtualRouter& router, TimePoint now) {
    ArpPace pace;
    Budget budget;
    router.chores(links, pace, now, budget, out);
  }
  template <class What>
  std::vector<What> all() const {
    std::vector<What> list;
    for (const Effect& e : out) {
      if (const auto* what = std::get_if<What>(&e)) list.push_back(*what);
    }
    return list;
  }
};

}  // namespace

TEST_CASE("the source address is the configured one, else the primary of the interface") {
  Bench b;
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  CHECK(b.all<SendAdvert>().at(0).source == *IpAddress::parse("10.0.0.1"));
  b.out.clear();
  b.settings.source_address = IpAddress::parse("10.0.0.77");
  VirtualRouter other(b.settings, b.around());
  other.begin(b.around(), nullptr, {}, kNow, b.out);
  CHECK(b.all<SendAdvert>().at(0).source == *IpAddress::parse("10.0.0.77"));
}

TEST_CASE("a label that changes comes with the address removed and added anew") {
  Bench b;
  VirtualRouter router(b.settings, b.around());
  router.begin(b.around(), nullptr, {}, kNow, b.out);
  b.chores(router, kNow);
  b.out.clear();
  config::VrrpInstance next = b.settings;
  next.virtual_addresses[0].label = "ens33:1";
  router.configure(next, b.around(), kNow, b.out);
  b.chores(router, kNow);
  REQUIRE(b.all<RemoveAddresses>().size() == 1);
  CHECK(b.all<RemoveAddresses>()[0].addresses[0].entry.label.empty());
  REQUIRE(b.all<AddAddresses>().size() == 1);
  CHECK(b.all<AddAddresses>()[0].addresses[0].entry.label == "ens33:1");
}

TEST_CASE("a VIP on another interface is added when that interface appears") {
  Bench b;
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

TEST_CASE("an IPv6 address whose prefix changes is removed before it is added") {
  Bench b;
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

TEST_CASE("the record says why the priority is what it is, and why there is a fault") {
  Bench b;
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
