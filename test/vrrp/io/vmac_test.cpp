// The macvlans of the real port against the real kernel, and their settings.
#include <catch2/catch.hpp>
#include <cerrno>
#include <fstream>
#include <map>

#include "test/core/netlink/network_namespace.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/vmac_settings.h"
#include "vrrp/io/vmac_table.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using holdfast::test::NetworkNamespace;

namespace {

struct World {
  NetworkNamespace space;
  NetworkNamespace::Inside inside{space};
  EventLoop loop;
  std::map<std::string, LinkChanged> links;
  std::vector<VmacRefused> refusals;
  std::unique_ptr<VmacTable> table;
  std::unique_ptr<LinkMonitor> monitor;

  World() {
    NetworkNamespace::run(
        "ip link add ens33 type veth peer name other && ip link set ens33 up && ip link set other up");
    table = std::make_unique<VmacTable>(loop, sink());
    monitor = std::make_unique<LinkMonitor>(loop, sink());
    REQUIRE(monitor->start());
  }
  EventSink sink() {
    return [this](const Event& event) {
      if (const auto* link = std::get_if<LinkChanged>(&event)) links[link->name] = *link;
      if (const auto* refusal = std::get_if<VmacRefused>(&event)) refusals.push_back(*refusal);
      const auto* removed = std::get_if<LinkRemoved>(&event);
      if (removed == nullptr) return;
      std::erase_if(links, [&](const auto& entry) { return entry.second.index == removed->index; });
    };
  }
  bool wait(const std::function<bool()>& done) { return loop.run_until(done, loop.now() + seconds(20)); }

  static config::Vmac vmac(Family family = Family::IPv4) {
    config::Vmac vmac;
    vmac.name = "vrrp.51";
    vmac.base = "ens33";
    vmac.mac = MacAddress::virtual_router(family, 51);
    vmac.ipv4 = family == Family::IPv4;
    vmac.ipv6 = !vmac.ipv4;
    return vmac;
  }
  void make(Family family = Family::IPv4) {
    table->make({"V", vmac(family), links.at("ens33").index});
    REQUIRE(wait([&] { return links.contains("vrrp.51"); }));
  }
};

std::string read_knob(const std::string& path) {
  std::string text;
  std::ifstream("/proc/sys/net/" + path) >> text;
  return text;
}

}  // namespace

TEST_CASE("a macvlan is made settled and down, with IPv6 as it is needed") {
  for (const Family family : {Family::IPv4, Family::IPv6}) {
    World world;
    world.make(family);
    const LinkChanged made = world.links.at("vrrp.51");
    CHECK(made.macvlan);
    CHECK(made.private_mode);
    CHECK(made.below == world.links.at("ens33").index);
    CHECK_FALSE(made.enabled);
    world.table->set_up({"vrrp.51", made.index, true});  // of one that is down the kernel tells no change of settings
    CHECK(world.wait([&] { return world.links.at("vrrp.51").enabled && world.links.at("vrrp.51").settled_as_vmac; }));
    CHECK(read_knob("ipv6/conf/vrrp.51/disable_ipv6") == (family == Family::IPv4 ? "1" : "0"));
    CHECK(world.refusals.empty());
  }
}

TEST_CASE("it is up when the call has returned, down and gone some time later") {
  World world;
  world.make();
  const std::uint32_t index = world.links.at("vrrp.51").index;
  world.table->set_up({"vrrp.51", index, true});
  CHECK(world.wait([&] { return world.links.at("vrrp.51").enabled; }));
  world.table->set_up({"vrrp.51", index, false});
  CHECK(world.wait([&] { return !world.links.at("vrrp.51").enabled; }));
  world.table->remove({"vrrp.51", index});
  CHECK(world.wait([&] { return !world.links.contains("vrrp.51"); }));
  CHECK(world.refusals.empty());
}

TEST_CASE("what was ordered is done when the port ends") {
  World world;
  world.make();
  world.table->remove({"vrrp.51", world.links.at("vrrp.51").index});
  world.table.reset();
  CHECK(if_nametoindex("vrrp.51") == 0);
}

TEST_CASE("refusals are told") {
  World world;
  world.make();
  world.table->make({"V", World::vmac(), world.links.at("ens33").index});
  CHECK(world.wait([&] { return !world.refusals.empty(); }));
  CHECK(world.refusals[0] == VmacRefused{"vrrp.51", VmacRefused::What::Make, EEXIST});
}

TEST_CASE("the interface below is told how strictly to answer") {
  World world;
  CHECK(world.links.at("ens33").arp == ArpStrictness{0, 0, 0});
  world.table->set_arp({world.links.at("ens33").index, {1, 1, 2}});
  CHECK(world.wait([&] { return world.links.at("ens33").arp == ArpStrictness{1, 1, 2}; }));
}

TEST_CASE("where reverse paths are checked everywhere, any way back will do") {
  CHECK(vmac_settings(0).rp_filter == 0U);
  CHECK(vmac_settings(1).rp_filter == 2U);
  CHECK(vmac_settings(2).rp_filter == 2U);
}

TEST_CASE("a link has the settings or has not") {
  netlink::LinkDetails details;
  CHECK_FALSE(has_vmac_settings(details));
  details.ipv4 = vmac_settings(1);
  CHECK(has_vmac_settings(details));  // a kernel that does not tell addr_gen_mode
  details.addr_gen_mode = 0;
  CHECK_FALSE(has_vmac_settings(details));
  details.addr_gen_mode = 1;
  CHECK(has_vmac_settings(details));
  details.ipv4.rp_filter = 1;
  CHECK_FALSE(has_vmac_settings(details));
}
