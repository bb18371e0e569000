#include "vrrp/logic/standing.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

struct Bench {
  LinkTable links;
  ScriptTable scripts;
  FlatSet<IpAddress> vips;
  std::set<AddressKey> leaving;
  config::VrrpInstance settings;
  Bench() {
    settings.name = "V";
    settings.interface = "ens33";
    settings.priority = 100;
  }
  void link(std::uint32_t index, const std::string& name, bool up = true) {
    LinkChanged link;
    link.index = index;
    link.name = name;
    link.up = up;
    links.link_changed(link);
  }
  void address(const char* prefix) { links.address_appeared({2, *IpPrefix::parse(prefix), false}); }
  std::set<std::string> grouped;
  Surroundings around(TimePoint hold_until = {}) const { return {links, scripts, vips, leaving, hold_until, grouped}; }
  Standing standing() const { return standing_of(settings, around()); }
  std::vector<FaultReason::Kind> faults() const {
    std::vector<FaultReason::Kind> kinds;
    for (const FaultReason& reason : standing().assessment.faults) kinds.push_back(reason.kind);
    return kinds;
  }
};

using Kind = FaultReason::Kind;
using Kinds = std::vector<Kind>;

}  // namespace

TEST_CASE("without its interface a router has no index, no source and one fault") {
  Bench b;
  b.settings.source_address = IpAddress::parse("10.0.0.77");
  CHECK(b.standing().interface_index == 0);
  CHECK(b.standing().source.is_any());
  CHECK(b.faults() == Kinds{Kind::InterfaceMissing});
}

TEST_CASE("an interface that is down and bare is two faults; track_primary no leaves the address") {
  Bench b;
  b.link(2, "ens33", false);
  CHECK(b.faults() == Kinds{Kind::InterfaceDown, Kind::NoAddress});
  b.settings.track_primary = false;
  CHECK(b.faults() == Kinds{Kind::NoAddress});
}

TEST_CASE("in a VRF the sockets are bound to it, and it must be one and up") {
  Bench b;
  b.settings.interface.clear();
  b.settings.vrf = "blue";
  b.settings.unicast_peers.push_back({*IpAddress::parse("10.0.0.2"), {}, {}, {}});
  b.settings.source_address = IpAddress::parse("10.0.0.1");
  b.link(2, "ens33");
  b.address("10.0.0.1/24");
  CHECK(b.faults() == Kinds{Kind::NoVrf});
  b.link(3, "blue");
  CHECK(b.faults() == Kinds{Kind::NoVrf});
  LinkChanged vrf;
  vrf.index = 3;
  vrf.name = "blue";
  vrf.vrf_table = 10;
  b.links.link_changed(vrf);
  CHECK(b.faults() == Kinds{Kind::InterfaceDown});
  vrf.up = true;
  b.links.link_changed(vrf);
  CHECK(b.faults().empty());
  CHECK(b.standing().interface_index == 3);
  CHECK_FALSE(b.standing().any_interface);
  CHECK(endpoint_of(b.settings, b.standing()) == Listen{3, *IpAddress::parse("10.0.0.1"), 112});
}

TEST_CASE("adverts of an ipvlan leave from its own address, for IPv6 without one from its link-local address") {
  Bench b;
  b.link(2, "ens33");
  b.address("10.0.0.1/24");
  b.address("fe80::1/64");
  config::Vmac ipvlan;
  ipvlan.name = "ipv";
  ipvlan.base = "ens33";
  ipvlan.ipvlan = true;
  b.settings.vmac = ipvlan;
  CHECK(b.faults() == Kinds{Kind::NoAddress});
  b.settings.vmac->address = IpPrefix::parse("10.0.0.51/24");
  CHECK(b.standing().source.text() == "10.0.0.51");
  CHECK(b.standing().interface_index == 0);
  b.settings.vmac->address.reset();
  b.settings.family = Family::IPv6;
  CHECK(b.standing().source.text() == "fe80::1");
  LinkChanged link;
  link.index = 9;
  link.name = "ipv";
  link.ipvlan = true;
  link.ipvlan_flags = 0;
  link.below = 2;
  b.links.link_changed(link);
  b.links.address_appeared({9, *IpPrefix::parse("fe80::9/64"), false});
  CHECK(b.standing().source.text() == "fe80::9");
  CHECK(b.standing().interface_index == 9);
}

TEST_CASE("the source is the primary address that is no VIP, only an owner may use its VIP") {
  Bench b;
  b.link(2, "ens33");
  b.address("192.0.2.9/24");
  b.vips.insert(*IpAddress::parse("192.0.2.9"));
  CHECK(b.faults() == Kinds{Kind::NoAddress});
  b.settings.priority = 255;
  CHECK(b.standing().source == *IpAddress::parse("192.0.2.9"));
  b.address("10.0.0.1/24");
  CHECK(b.standing().source == *IpAddress::parse("10.0.0.1"));
  b.settings.source_address = IpAddress::parse("10.0.0.77");
  CHECK(b.standing().source == *IpAddress::parse("10.0.0.77"));
  CHECK(b.faults().empty());
}

TEST_CASE("a fault counts for more than a script that has not answered") {
  Assessment assessment;
  CHECK(readiness_of(assessment) == Readiness::Ready);
  assessment.waiting = true;
  CHECK(readiness_of(assessment) == Readiness::Waiting);
  assessment.faults.push_back({Kind::NoAddress, "ens33"});
  CHECK(readiness_of(assessment) == Readiness::Faulty);
}

TEST_CASE("the election gets the effective priority and the source") {
  Bench b;
  b.link(2, "ens33");
  b.address("10.0.0.1/24");
  b.settings.track_interfaces = {{"eth9", -20, false, {}}};
  const Election election = election_of(b.settings, b.standing(), b.around(from_us(7)));
  CHECK(election.priority == 80);
  CHECK_FALSE(election.owner);
  CHECK(election.source == *IpAddress::parse("10.0.0.1"));
  CHECK(election.hold_until == from_us(7));
  CHECK_FALSE(election.waits_for_group);
  b.grouped.insert("V");
  CHECK(election_of(b.settings, b.standing(), b.around()).waits_for_group);
}

TEST_CASE("VIPs resolve to the interfaces that exist, excluded ones last") {
  Bench b;
  b.link(2, "ens33");
  b.settings.vip_lifetime = seconds(9);
  b.settings.excluded_addresses.push_back({});
  b.settings.excluded_addresses[0].prefix = *IpPrefix::parse("192.0.2.8/24");
  b.settings.virtual_addresses.resize(2);
  b.settings.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
  b.settings.virtual_addresses[1].prefix = *IpPrefix::parse("192.0.2.10/24");
  b.settings.virtual_addresses[1].interface = "eth1";
  CHECK(resolve_addresses(b.settings, b.links).size() == 2);
  b.link(3, "eth1");
  const std::vector<KernelAddress> resolved = resolve_addresses(b.settings, b.links);
  REQUIRE(resolved.size() == 3);
  CHECK(resolved[1].interface_index == 3);
  CHECK(resolved[2].entry == b.settings.excluded_addresses[0]);
  CHECK(resolved[2].valid_lifetime == seconds(9));
}

}  // namespace holdfast::vrrp
