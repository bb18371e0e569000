// Addresses and links against the real kernel: what is asked for is there, what changes is told.
#include <algorithm>
#include <catch2/catch.hpp>
#include <linux/rtnetlink.h>

#include "test/vrrp/io/kernel_lan.h"
#include "vrrp/io/address_table.h"
#include "vrrp/io/link_monitor.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using namespace holdfast::vrrp::test;
using holdfast::test::output_of;

TEST_CASE("addresses_are_added_with_everything_that_was_asked_for_and_removed_again") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  AddressTable table(lan.loop, recorder.sink());
  KernelAddress full;
  full.interface_index = lan.left_index;
  full.entry.prefix = *IpPrefix::parse("172.18.8.231/24");
  full.entry.details.own().label = "eth0:1";
  full.entry.scope = RT_SCOPE_LINK;
  full.entry.broadcast_kind = config::Broadcast::AllOnes;
  full.valid_lifetime = seconds(500);
  KernelAddress peered;
  peered.interface_index = lan.left_index;
  peered.entry.prefix = *IpPrefix::parse("10.5.5.1");
  peered.entry.details.own().peer = IpPrefix::parse("10.6.6.6/30");
  KernelAddress six;
  six.interface_index = lan.left_index;
  six.entry.prefix = *IpPrefix::parse("fd00::5/128");
  const std::vector all = {full, peered, six};
  table.add(all);
  table.add(all);  // there already: renewed
  CHECK(table.unanswered() > 0);
  REQUIRE(lan.wait([&] { return table.unanswered() == 0; }));
  const std::string shown = output_of("ip -o address show dev eth0");
  CHECK_THAT(shown, Catch::Contains("inet 172.18.8.231/24 brd 172.18.8.255 scope link dynamic"));
  CHECK_THAT(shown, Catch::Contains("eth0:1"));
  CHECK_THAT(shown, Catch::Contains("inet 10.5.5.1 peer 10.6.6.6/30 scope global"));
  CHECK_THAT(shown, Catch::Contains("inet6 fd00::5/128 scope global"));
  CHECK_THAT(shown, Catch::Contains("deprecated"));
  table.remove(all);
  table.remove(all);  // gone already
  REQUIRE(lan.wait([&] { return table.unanswered() == 0; }));
  CHECK_THAT(output_of("ip -o address show dev eth0"),
             !Catch::Contains("172.18.8.231") && !Catch::Contains("10.5.5.1") && !Catch::Contains("fd00::5"));
  CHECK(recorder.events.empty());
}

TEST_CASE("renewing_a_lifetime_can_make_it_endless_again") {
  Lan lan;
  const NetworkNamespace::Inside inside(lan.left);
  AddressTable table(lan.loop, [](const Event&) { FAIL("refused"); });
  KernelAddress vip;
  vip.interface_index = lan.left_index;
  vip.entry.prefix = *IpPrefix::parse("10.7.7.7/24");
  vip.valid_lifetime = seconds(100);
  table.add(std::vector{vip});
  vip.valid_lifetime = Duration::zero();
  table.add(std::vector{vip});
  REQUIRE(lan.wait([&] { return table.unanswered() == 0; }));
  CHECK_THAT(output_of("ip -o -4 address show dev eth0 to 10.7.7.7"),
             Catch::Contains("valid_lft forever preferred_lft forever"));
}

TEST_CASE("refused_address_is_told") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  AddressTable table(lan.loop, recorder.sink());
  KernelAddress vip;
  vip.interface_index = 4711;
  vip.entry.prefix = *IpPrefix::parse("10.7.7.7/24");
  table.add(std::vector{vip});
  table.remove(std::vector{vip});
  REQUIRE(lan.wait([&] { return table.unanswered() == 0; }));
  REQUIRE(recorder.events.size() == 1);
  CHECK(recorder.count(AddressRefused{4711, vip.entry.prefix, true, ENODEV}) == 1);
}

TEST_CASE("links_and_addresses_are_told_at_the_start_and_when_they_change") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  LinkMonitor monitor(lan.loop, recorder.sink());
  REQUIRE(monitor.start());
  REQUIRE_FALSE(recorder.events.empty());
  CHECK(std::holds_alternative<ResyncFinished>(recorder.events.back()));
  CHECK(recorder.count<ResyncStarted>() == 0);
  CHECK(recorder.count(AddressAppeared{lan.left_index, *IpPrefix::parse("10.0.0.1/24"), false}) == 1);
  const auto eth0 = [&](std::string_view name, bool up) {
    return std::any_of(recorder.events.begin(), recorder.events.end(), [&](const Event& event) {
      const auto* link = std::get_if<LinkChanged>(&event);
      return link != nullptr && link->index == lan.left_index && link->name == name && link->up == up;
    });
  };
  CHECK(lan.wait([&] { return eth0("eth0", true); }));  // a carrier may come a moment after its peer
  recorder.events.clear();
  NetworkNamespace::run("ip address add 10.0.0.9/24 dev eth0");
  CHECK(lan.wait([&] {
    return recorder.count(AddressAppeared{lan.left_index, *IpPrefix::parse("10.0.0.9/24"), true}) == 1;
  }));
  NetworkNamespace::run("ip address del 10.0.0.9/24 dev eth0");
  CHECK(lan.wait([&] {
    return recorder.count(AddressVanished{lan.left_index, *IpPrefix::parse("10.0.0.9/24")}) == 1;
  }));
  {
    const NetworkNamespace::Inside other(lan.right);
    NetworkNamespace::run("ip link set eth0 down");  // takes the carrier away at our side
  }
  CHECK(lan.wait([&] { return eth0("eth0", false); }));
  NetworkNamespace::run("ip link set eth0 down; ip link set eth0 name uplink");
  CHECK(lan.wait([&] { return eth0("uplink", false); }));
  NetworkNamespace::run("ip link del uplink");
  CHECK(lan.wait([&] { return recorder.count(LinkRemoved{lan.left_index}) == 1; }));
}

TEST_CASE("lost_changes_are_told_again_between_start_and_end_of_a_resync") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  LinkMonitor monitor(lan.loop, recorder.sink(), 2048);
  REQUIRE(monitor.start());
  recorder.events.clear();
  std::string commands;
  for (int i = 1; i < 200; ++i) commands += "ip address add 10.3.0." + std::to_string(i) + "/32 dev eth0;";
  NetworkNamespace::run(commands);
  REQUIRE(lan.wait([&] { return recorder.count<ResyncFinished>() > 0 && !lan.loop.run_once(); }));
  CHECK(monitor.overruns() > 0);
  const auto last_start = std::find_if(recorder.events.rbegin(), recorder.events.rend(),
                                       [](const Event& event) { return std::holds_alternative<ResyncStarted>(event); });
  REQUIRE(last_start != recorder.events.rend());
  const std::vector<Event> after(last_start.base(), recorder.events.end());
  CHECK(std::count_if(after.begin(), after.end(),
                      [](const Event& event) { return std::holds_alternative<AddressAppeared>(event); }) >= 200);
  CHECK(std::any_of(after.begin(), after.end(),
                    [](const Event& event) { return std::holds_alternative<LinkChanged>(event); }));
}
