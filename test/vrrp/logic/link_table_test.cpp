#include "vrrp/logic/link_table.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

LinkChanged link(std::uint32_t index, const std::string& name) {
  LinkChanged l;
  l.index = index;
  l.name = name;
  l.up = true;
  return l;
}
AddressAppeared address(std::uint32_t index, const char* prefix, bool secondary = false) {
  return {index, *IpPrefix::parse(prefix), secondary};
}

}  // namespace

TEST_CASE("a link is found by name and index, also after it was renamed") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  table.link_changed(link(2, "lan0"));
  CHECK(table.by_name("ens33") == nullptr);
  REQUIRE(table.by_name("lan0") != nullptr);
  CHECK(table.by_name("lan0")->index == 2);
  table.link_removed(2);
  CHECK(table.by_index(2) == nullptr);
  CHECK(table.by_name("lan0") == nullptr);
}

TEST_CASE("a name that moved to another index stays when the old link goes") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  table.link_changed(link(3, "ens33"));
  table.link_removed(2);
  REQUIRE(table.by_name("ens33") != nullptr);
  CHECK(table.by_name("ens33")->index == 3);
}

TEST_CASE("the primary address is the first that is neither secondary nor a VIP") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  table.address_appeared(address(2, "192.0.2.9/24"));
  table.address_appeared(address(2, "10.0.0.2/24", true));
  table.address_appeared(address(2, "10.0.0.1/24"));
  table.address_appeared(address(2, "10.0.0.3/24"));
  const FlatSet<IpAddress> vips{*IpAddress::parse("192.0.2.9")};
  CHECK(table.primary_address(2, Family::IPv4, vips) == IpAddress::parse("10.0.0.1"));
  CHECK_FALSE(table.primary_address(2, Family::IPv6, vips));
  table.address_vanished({2, *IpPrefix::parse("10.0.0.1/24")});
  CHECK(table.primary_address(2, Family::IPv4, vips) == IpAddress::parse("10.0.0.3"));
}

TEST_CASE("addresses go with their link") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  table.address_appeared(address(2, "10.0.0.1/24"));
  table.link_removed(2);
  CHECK_FALSE(table.has({2, *IpPrefix::parse("10.0.0.1/24")}));
}

TEST_CASE("a resync reports what was not told again") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  table.link_changed(link(3, "eth1"));
  table.address_appeared(address(2, "10.0.0.1/24"));
  table.address_appeared(address(2, "192.0.2.9/24"));
  table.resync_started();
  table.link_changed(link(2, "ens33"));
  table.address_appeared(address(2, "10.0.0.1/24"));
  const LinkTable::Stale stale = table.resync_finished();
  REQUIRE(stale.links.size() == 1);
  CHECK(stale.links[0].index == 3);
  REQUIRE(stale.addresses.size() == 1);
  CHECK(stale.addresses[0].prefix == *IpPrefix::parse("192.0.2.9/24"));
}

TEST_CASE("whichever of its addresses go, the others of an interface keep their order") {
  const auto first = [](std::vector<int> gone) {
    LinkTable table;
    for (const char* prefix : {"10.0.0.3/24", "10.0.0.1/24", "10.0.0.2/24"}) table.address_appeared(address(2, prefix));
    table.address_appeared(address(1, "10.0.0.9/24"));
    for (const int host : gone) table.address_vanished({2, *IpPrefix::parse("10.0.0." + std::to_string(host) + "/24")});
    table.address_appeared(address(2, "10.0.0.4/24"));
    return table.primary_address(2, Family::IPv4, {})->text();
  };
  CHECK(first({}) == "10.0.0.3");
  CHECK(first({1}) == "10.0.0.3");
  CHECK(first({3}) == "10.0.0.1");
  CHECK(first({1, 3}) == "10.0.0.2");
  CHECK(first({3, 1, 3}) == "10.0.0.2");
  CHECK(first({2, 3}) == "10.0.0.1");
  CHECK(first({1, 2, 3}) == "10.0.0.4");
}

TEST_CASE("an address that is told again keeps its place, and is secondary or not as told last") {
  LinkTable table;
  for (const char* prefix : {"10.0.0.1/24", "10.0.0.2/24", "10.0.0.1/24"}) table.address_appeared(address(2, prefix));
  CHECK(table.primary_address(2, Family::IPv4, {}) == IpAddress::parse("10.0.0.1"));
  table.address_appeared(address(2, "10.0.0.1/24", true));
  CHECK(table.primary_address(2, Family::IPv4, {}) == IpAddress::parse("10.0.0.2"));
  table.address_vanished({2, *IpPrefix::parse("10.0.0.1/24")});
  table.address_appeared(address(2, "10.0.0.1/24"));
  CHECK(table.primary_address(2, Family::IPv4, {}) == IpAddress::parse("10.0.0.2"));
}

TEST_CASE("of several interfaces with an address, the one with the lowest number has it") {
  LinkTable table;
  for (const std::uint32_t index : {7U, 3U, 5U}) {
    table.link_changed(link(index, "eth" + std::to_string(index)));
    table.address_appeared(address(index, "10.0.0.1/24"));
  }
  CHECK(table.with_address(*IpAddress::parse("10.0.0.1"))->index == 3);
  CHECK(table.with_address(*IpAddress::parse("10.0.0.2")) == nullptr);
}

TEST_CASE("a resync that begins anew counts from there, and what is stale comes by interface, as it appeared") {
  LinkTable table;
  for (const std::uint32_t index : {3U, 2U}) {
    for (const char* prefix : {"10.0.0.2/24", "10.0.0.1/24", "10.0.0.3/24"})
      table.address_appeared(address(index, prefix));
  }
  table.resync_started();
  table.address_appeared(address(2, "10.0.0.2/24"));
  table.resync_started();
  table.address_appeared(address(2, "10.0.0.1/24"));
  std::vector<std::string> stale;
  for (const AddressVanished& one : table.resync_finished().addresses) {
    stale.push_back(std::to_string(one.interface_index) + " " + one.prefix.address.text());
  }
  CHECK(stale == std::vector<std::string>{"2 10.0.0.2", "2 10.0.0.3", "3 10.0.0.2", "3 10.0.0.1", "3 10.0.0.3"});
}

TEST_CASE("what a table knows goes along when it is moved") {
  LinkTable table;
  table.link_changed(link(2, "ens33"));
  for (const char* prefix : {"10.0.0.1/24", "10.0.0.2/24"}) table.address_appeared(address(2, prefix));
  LinkTable other = std::move(table);
  other.address_vanished({2, *IpPrefix::parse("10.0.0.1/24")});
  CHECK(other.primary_address(2, Family::IPv4, {}) == IpAddress::parse("10.0.0.2"));
  CHECK(other.by_name("ens33") != nullptr);
}

}  // namespace holdfast::vrrp
