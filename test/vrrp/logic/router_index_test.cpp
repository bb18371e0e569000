#include "vrrp/logic/router_index.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

using Ids = std::vector<RouterId>;

const IpAddress kGroup = *IpAddress::parse("224.0.0.18");
const IpAddress kOtherGroup = *IpAddress::parse("224.0.0.99");

config::VrrpInstance instance(int vrid, const std::string& interface = "ens33") {
  config::VrrpInstance i;
  i.name = "V" + std::to_string(vrid);
  i.interface = interface;
  i.virtual_router_id = static_cast<std::uint8_t>(vrid);
  i.multicast_group = kGroup;
  return i;
}

config::VirtualAddress vip(const char* prefix, const std::string& interface = "") {
  config::VirtualAddress entry;
  entry.prefix = *IpPrefix::parse(prefix);
  entry.interface = interface;
  return entry;
}

struct Bench {
  LinkTable links;
  ScriptTable scripts;
  FlatSet<IpAddress> vips;
  std::set<AddressKey> leaving;
  Roster roster;
  RouterIndex index;
  Effects out;
  Bench() {
    link(2, "ens33");
    link(3, "eth1");
  }
  void link(std::uint32_t number, const std::string& name) {
    LinkChanged link;
    link.index = number;
    link.name = name;
    links.link_changed(link);
  }
  std::set<std::string> grouped;
  Surroundings around() const { return {links, scripts, vips, leaving, {}, grouped}; }
  /// The ids in the order of the configuration.
  Ids load(const std::vector<config::VrrpInstance>& instances) {
    std::vector<const config::VrrpInstance*> list;
    for (const auto& i : instances) list.push_back(&i);
    Effects ignored;
    roster.reconfigure(list, around(), from_us(5), ignored);
    index.rebuild_names(roster);
    out.clear();
    index.rebuild_keys(roster, out);
    return roster.order();
  }
};

}  // namespace

TEST_CASE("an interface concerns those that stand on it, track it or have a VIP on it, each once") {
  Bench b;
  auto tracks = instance(2);
  tracks.track_interfaces = {{"eth1", -10, false, {}}};
  auto has_vip = instance(3);
  has_vip.virtual_addresses = {vip("192.0.2.9/24", "eth1")};
  has_vip.excluded_addresses = {vip("192.0.2.8/24", "eth1")};
  const Ids ids = b.load({instance(1), tracks, has_vip, instance(4, "eth1")});
  CHECK(b.index.on_interface("ens33") == Ids{ids[0], ids[1], ids[2]});
  CHECK(b.index.on_interface("eth1") == Ids{ids[1], ids[2], ids[3]});
  CHECK(b.index.on_interface("eth9").empty());
}

TEST_CASE("a script concerns those that track it") {
  Bench b;
  auto tracks = instance(2);
  tracks.track_scripts.push_back({"chk", std::nullopt, std::nullopt, {}});
  const Ids ids = b.load({instance(1), tracks});
  CHECK(b.index.tracking("chk") == Ids{ids[1]});
  CHECK(b.index.tracking("other").empty());
  b.load({instance(1), instance(2)});
  CHECK(b.index.tracking("chk").empty());
}

TEST_CASE("a packet goes by interface, VRID and group; a wrong group to somebody who can complain") {
  Bench b;
  auto other = instance(1);
  other.name = "other";
  other.multicast_group = kOtherGroup;
  const Ids ids = b.load({instance(1), other, instance(2)});
  CHECK(b.index.receiver(2, 1, kGroup) == ids[0]);
  CHECK(b.index.receiver(2, 1, kOtherGroup) == ids[1]);
  CHECK(b.index.receiver(2, 2, kOtherGroup) == ids[2]);
  CHECK_FALSE(b.index.receiver(2, 3, kGroup));
  CHECK_FALSE(b.index.receiver(3, 1, kGroup));
}

TEST_CASE("a VIP belongs to the first that has it") {
  Bench b;
  auto first = instance(1);
  first.virtual_addresses = {vip("192.0.2.9/24")};
  auto second = instance(2);
  second.virtual_addresses = first.virtual_addresses;
  const Ids ids = b.load({first, second});
  CHECK(b.index.owner({2, *IpPrefix::parse("192.0.2.9/24")}) == ids[0]);
  CHECK_FALSE(b.index.owner({3, *IpPrefix::parse("192.0.2.9/24")}));
}

TEST_CASE("each group of an interface is listened to once, while somebody needs it") {
  Bench b;
  b.load({instance(1), instance(2)});
  CHECK(b.out == Effects{Listen{2, kGroup}, AcceptOnly{2, Family::IPv4, {1, 2}}});
  b.load({instance(1), instance(2)});
  CHECK(b.out.empty());
  b.load({instance(3, "eth1"), instance(4, "eth9")});
  CHECK(b.out == Effects{Listen{3, kGroup}, Unlisten{2, kGroup}, AcceptOnly{3, Family::IPv4, {3}}});
  b.out.clear();
  b.index.stop_listening(b.out);
  CHECK(b.out == Effects{Unlisten{3, kGroup}});
  b.index.stop_listening(b.out);
  CHECK(b.out.size() == 1);
}

TEST_CASE("Listen comes before what is to be sent, Unlisten after it") {
  Bench b;
  b.load({instance(1)});
  b.links.link_removed(2);
  b.link(7, "ens33");
  b.out = {Log{LogLevel::Info, "sent in between"}};
  Effects ignored;
  b.roster.at(b.roster.order()[0]).reassess(b.around(), from_us(6), ignored);
  b.index.rebuild_keys(b.roster, b.out);
  REQUIRE(b.out.size() == 4);
  CHECK(b.out[0] == Effect{Listen{7, kGroup}});
  CHECK(std::holds_alternative<Log>(b.out[1]));
  CHECK(b.out[2] == Effect{Unlisten{2, kGroup}});
}

TEST_CASE("the kernel is told which VRIDs are ours, when they change, or that all are wanted") {
  Bench b;
  b.load({instance(9), instance(2)});
  b.load({instance(9)});
  CHECK(b.out == Effects{AcceptOnly{2, Family::IPv4, {9}}});
  b.index.hear_every_vrid(true);
  b.load({instance(9)});
  CHECK(b.out == Effects{AcceptOnly{2, Family::IPv4, {}}});
}

TEST_CASE("who tracks a file or a process is found by its kind and name") {
  Bench b;
  std::vector<config::VrrpInstance> list{instance(1), instance(2)};
  list[0].track_files.push_back({"x", {}, {}, {}});
  list[1].track_processes.push_back({"x", {}, {}, {}});
  const Ids ids = b.load(list);
  CHECK(b.index.tracking(ObjectKey{ObjectKind::File, "x"}) == Ids{ids[0]});
  CHECK(b.index.tracking(ObjectKey{ObjectKind::Process, "x"}) == Ids{ids[1]});
  CHECK(b.index.tracking(ObjectKey{ObjectKind::File, "y"}).empty());
  CHECK(b.index.tracking("x").empty());
}

TEST_CASE("of unicast instances at one address, the one whose peer it is hears a packet, else the first") {
  Bench b;
  b.links.address_appeared({2, *IpPrefix::parse("10.0.0.1/24"), false});
  const IpAddress here = *IpAddress::parse("10.0.0.1");
  const auto peers = [](const std::string& name, std::initializer_list<const char*> list) {
    auto one = instance(1);
    one.name = name;
    for (const char* peer : list) one.unicast_peers.push_back({*IpAddress::parse(peer), {}, {}, {}});
    return one;
  };
  const auto from = [&](const char* source) { return b.index.receiver(2, 1, here, *IpAddress::parse(source)); };
  const Ids ids = b.load({peers("A", {"10.0.0.5"}), peers("B", {"10.0.0.3", "10.0.0.4"}), peers("C", {"10.0.0.2"})});
  CHECK(from("10.0.0.5") == ids[0]);
  CHECK(from("10.0.0.3") == ids[1]);
  CHECK(from("10.0.0.4") == ids[1]);
  CHECK(from("10.0.0.2") == ids[2]);
  CHECK(from("10.0.0.9") == ids[0]);
  const Ids alone = b.load({peers("B", {"10.0.0.3", "10.0.0.4"})});
  CHECK(from("10.0.0.9") == alone[0]);
}

TEST_CASE("a packet to a group that nobody listens to goes to the lowest one of its family") {
  Bench b;
  b.links.address_appeared({2, *IpPrefix::parse("fe80::1/64"), false});
  auto low = instance(1), high = instance(1), other = instance(1);
  high.name = "high";
  high.multicast_group = kOtherGroup;
  other.name = "other";
  other.family = Family::IPv6;
  other.multicast_group = *IpAddress::parse("ff02::12");
  Ids ids = b.load({high, other, low});
  CHECK(b.index.receiver(2, 1, *IpAddress::parse("224.0.0.1")) == ids[2]);
  CHECK(b.index.receiver(2, 1, *IpAddress::parse("ff02::1")) == ids[1]);
  CHECK_FALSE(b.index.receiver(2, 2, kGroup));
  ids = b.load({high});
  CHECK_FALSE(b.index.receiver(2, 1, *IpAddress::parse("ff02::1")));
  CHECK(b.index.receiver(2, 1, kGroup) == ids[0]);
}

TEST_CASE("a thousand instances are found, each by its own key, in whatever order they are configured") {
  Bench b;
  for (std::uint32_t l = 10; l < 14; ++l) b.link(l, "wire" + std::to_string(l));
  std::vector<config::VrrpInstance> list;
  for (int i = 999; i >= 0; --i) {
    list.push_back(instance(i % 250 + 1, "wire" + std::to_string(10 + i / 250)));
    list.back().name = "V" + std::to_string(i);
    list.back().virtual_addresses = {
        vip(("10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "/24").c_str())};
  }
  b.load(list);
  for (const RouterId id : b.roster.order()) {
    const auto& settings = b.roster.at(id).settings();
    const std::uint32_t index = b.links.by_name(settings.interface)->index;
    REQUIRE(b.index.receiver(index, settings.virtual_router_id, kGroup) == id);
    REQUIRE(b.index.owner({index, settings.virtual_addresses[0].prefix}) == id);
  }
  CHECK_FALSE(b.index.receiver(10, 251, kGroup));
  CHECK_FALSE(b.index.receiver(14, 1, kGroup));
}

TEST_CASE("nothing is found before anything was built") {
  const RouterIndex index;
  CHECK_FALSE(index.receiver(2, 1, kGroup));
  CHECK_FALSE(index.owner({2, *IpPrefix::parse("192.0.2.9/24")}));
}

}  // namespace holdfast::vrrp
