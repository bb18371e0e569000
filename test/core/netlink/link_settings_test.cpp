// Against the real kernel: what is asked for is what the kernel tells afterwards.
#include "core/netlink/link_settings.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstddef>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <map>

#include "core/netlink/command_socket.h"
#include "core/netlink/monitor.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::netlink;
using holdfast::test::NetworkNamespace;

namespace {

const MacAddress kMac = MacAddress::virtual_router(Family::IPv4, 51);

struct World {
  NetworkNamespace space;
  NetworkNamespace::Inside inside{space};
  EventLoop loop;
  std::map<std::string, LinkMessage> links;
  std::unique_ptr<CommandSocket> commands = std::move(*CommandSocket::open(loop));
  Monitor monitor{loop, callbacks()};

  World() {
    NetworkNamespace::run(
        "ip link add base0 type veth peer name other0 && ip link set base0 up && ip link set other0 up");
    REQUIRE(monitor.start(seconds(5)));
  }
  MonitorCallbacks callbacks() {
    return {[this](const LinkMessage& link) {
              if (link.removed)
                links.erase(link.name);
              else
                links[link.name] = link;
            },
            [](const AddressMessage&) {}, [] {}, [] {}};
  }
  /// The errno of the answer.
  int ask(std::function<Bytes(std::uint32_t)> build) {
    std::optional<int> answer;
    commands->send_now({std::move(build), [&](int error) { answer = error; }});
    REQUIRE(loop.run_until([&] { return answer.has_value(); }, loop.now() + seconds(10)));
    return *answer;
  }
  int make(const std::string& name) {
    const MacvlanSpec spec{name, links.at("base0").index, kMac, {}};
    return ask([spec](std::uint32_t sequence) { return make_macvlan(spec, sequence); });
  }
  bool wait(const std::function<bool()>& done) { return loop.run_until(done, loop.now() + seconds(10)); }
};

}  // namespace

TEST_CASE("a macvlan is made down, in private mode, with its MAC, above its base") {
  World world;
  CHECK(world.make("v0") == 0);
  REQUIRE(world.wait([&] { return world.links.contains("v0"); }));
  const LinkMessage made = world.links.at("v0");
  CHECK(made.details.macvlan);
  CHECK(made.details.private_mode);
  CHECK(made.details.below == world.links.at("base0").index);
  CHECK(made.mac == kMac);
  CHECK((made.flags & 1U) == 0);
  CHECK(world.make("v0") == EEXIST);
  CHECK_FALSE(world.links.at("base0").details.macvlan);
}

TEST_CASE("an ipvlan is asked for in mode L2 with its flags, and told as it was asked for") {
  const IpvlanSpec spec{"ipv0", 7, IPVLAN_F_VEPA, 5, 8};
  Bytes asked = make_ipvlan(spec, 1);
  asked[sizeof(nlmsghdr) + offsetof(ifinfomsg, ifi_index)] =
      9;  // what is told has a number (on a little-endian machine)
  const ReceivedBatch batch = parse(asked);
  REQUIRE(batch.messages.size() == 1);
  const LinkDetails details = std::get<LinkMessage>(batch.messages.front().body).details;
  CHECK(details.kind == "ipvlan");
  CHECK(details.ipvlan);
  CHECK(details.ipvlan_flags == std::uint16_t{IPVLAN_F_VEPA});
  CHECK(details.below == 7);
  CHECK(details.group == 5);
  CHECK(details.master == 8);
  CHECK_FALSE(details.macvlan);
}

TEST_CASE("an ipvlan is made where the kernel has them, and refused where not") {
  World world;
  const IpvlanSpec spec{"ipv0", world.links.at("base0").index, 0, {}};
  const int error = world.ask([spec](std::uint32_t sequence) { return make_ipvlan(spec, sequence); });
  if (error == EOPNOTSUPP) return;
  CHECK(error == 0);
  CHECK(world.wait([&] { return world.links.contains("ipv0") && world.links.at("ipv0").details.ipvlan_flags == 0; }));
}

TEST_CASE("a link whose group is set to what it is is told again") {
  World world;
  const LinkMessage before = world.links.at("base0");
  world.links.erase("base0");
  CHECK(world.ask([index = before.index](std::uint32_t sequence) { return set_link_group(index, 0, sequence); }) == 0);
  CHECK(world.wait([&] { return world.links.contains("base0"); }));
}

TEST_CASE("a macvlan is made in what its base belongs to, leaves it and joins it again") {
  World world;
  NetworkNamespace::run("ip link add bridge0 type bridge");
  REQUIRE(world.wait([&] { return world.links.contains("bridge0"); }));
  const std::uint32_t master = world.links.at("bridge0").index;
  const MacvlanSpec spec{"v0", world.links.at("base0").index, kMac, {}, master};
  REQUIRE(world.ask([spec](std::uint32_t sequence) { return make_macvlan(spec, sequence); }) == 0);
  REQUIRE(world.wait([&] { return world.links.contains("v0") && world.links.at("v0").details.master == master; }));
  const std::uint32_t index = world.links.at("v0").index;
  CHECK(world.ask([&](std::uint32_t sequence) { return set_link_master(index, 0, sequence); }) == 0);
  CHECK(world.wait([&] { return world.links.at("v0").details.master == 0; }));
  CHECK(world.ask([&](std::uint32_t sequence) { return set_link_master(index, master, sequence); }) == 0);
  CHECK(world.wait([&] { return world.links.at("v0").details.master == master; }));
}

TEST_CASE("it goes up at once, and away") {
  World world;
  REQUIRE(world.make("v0") == 0);
  REQUIRE(world.wait([&] { return world.links.contains("v0"); }));
  const std::uint32_t index = world.links.at("v0").index;
  CHECK(world.ask([&](std::uint32_t sequence) { return set_link_up(index, true, sequence); }) == 0);
  CHECK(world.wait([&] { return (world.links.at("v0").flags & 1U) != 0; }));
  CHECK(world.ask([&](std::uint32_t sequence) { return remove_link(index, sequence); }) == 0);
  CHECK(world.wait([&] { return !world.links.contains("v0"); }));
  CHECK(world.ask([&](std::uint32_t sequence) { return remove_link(index, sequence); }) == ENODEV);
}

TEST_CASE("settings that are given are told, the others stay") {
  World world;
  const std::uint32_t index = world.links.at("base0").index;
  const Ipv4LinkSettings before = world.links.at("base0").details.ipv4;
  REQUIRE(before.arp_ignore == 0U);
  Ipv4LinkSettings given;
  given.arp_ignore = 1;
  given.rp_filter = 2;
  CHECK(world.ask([&](std::uint32_t sequence) { return set_ipv4_settings(index, given, sequence); }) == 0);
  Ipv4LinkSettings expected = before;
  expected.arp_ignore = 1;
  expected.rp_filter = 2;
  CHECK(world.wait([&] { return world.links.at("base0").details.ipv4 == expected; }));
}

TEST_CASE("without making IPv6 addresses of its own") {
  World world;
  const std::uint32_t index = world.links.at("base0").index;
  REQUIRE(world.links.at("base0").details.addr_gen_mode);
  CHECK(world.ask([&](std::uint32_t n) { return set_addr_gen_mode(index, addr_gen_mode_none, n); }) == 0);
  CHECK(world.wait([&] { return world.links.at("base0").details.addr_gen_mode == addr_gen_mode_none; }));
}
