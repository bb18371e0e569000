// The real ports against the real kernel, in two network namespaces joined by a veth pair.
#include <algorithm>
#include <catch2/catch.hpp>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "core/base/checksum.h"
#include "test/core/netlink/network_namespace.h"
#include "vrrp/io/address_table.h"
#include "vrrp/io/advert_socket.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/neighbour_socket.h"
#include "vrrp/io/real_ports.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using holdfast::test::NetworkNamespace;
using holdfast::test::output_of;

namespace {

const IpAddress group = *IpAddress::parse("224.0.0.18");

IpAddress address(std::string_view text) {
  return *IpAddress::parse(text);
}

struct Packet {
  std::uint32_t interface_index;
  Bytes datagram;
};

/// An event sink that keeps everything.
struct Recorder {
  std::vector<Event> events;
  std::vector<Packet> packets;

  EventSink sink() {
    return [this](const Event& event) {
      if (const auto* packet = std::get_if<PacketReceived>(&event)) {
        packets.push_back({packet->interface_index, Bytes(packet->datagram.begin(), packet->datagram.end())});
      } else {
        events.push_back(event);
      }
    };
  }
  template <class T>
  std::size_t count(const T& wanted) const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const Event& event) {
      const auto* held = std::get_if<T>(&event);
      return held != nullptr && *held == wanted;
    }));
  }
  template <class T>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(),
                                                  [](const Event& event) { return std::holds_alternative<T>(event); }));
  }
};

struct Lan {
  NetworkNamespace left, right;
  std::uint32_t left_index = 0, right_index = 0;
  EventLoop loop;

  Lan() {
    const NetworkNamespace::Inside inside(left);
    NetworkNamespace::run("ip link add eth0 type veth peer name eth0 netns " + right.path());
    NetworkNamespace::run("ip address add 10.0.0.1/24 dev eth0; ip link set eth0 up");
    left_index = if_nametoindex("eth0");
    const NetworkNamespace::Inside other(right);
    NetworkNamespace::run("ip address add 10.0.0.2/24 dev eth0; ip link set eth0 up");
    right_index = if_nametoindex("eth0");
  }
  bool wait(const std::function<bool()>& done, Duration patience = seconds(10)) {
    return loop.run_until(done, loop.now() + patience);
  }
};

SendAdvert advert(std::uint32_t index, std::uint8_t first_octet) {
  return {index, address("10.0.0.77"), group, {first_octet, 2, 3, 4, 5, 6, 7, 8}};
}

}  // namespace

TEST_CASE("adverts_cross_the_link_with_the_chosen_source_and_our_own_are_not_heard") {
  Lan lan;
  Recorder heard_left;
  Recorder heard_right;
  const NetworkNamespace::Inside in_left(lan.left);
  AdvertSocket left(lan.loop, heard_left.sink());
  REQUIRE(left.listen({lan.left_index, group}));
  std::optional<NetworkNamespace::Inside> in_right(std::in_place, lan.right);
  AdvertSocket right(lan.loop, heard_right.sink());
  REQUIRE(right.listen({lan.right_index, group}));
  std::vector<SendAdvert> adverts;
  for (std::uint8_t i = 0; i < 200; ++i) adverts.push_back(advert(lan.left_index, i));
  left.send(adverts);
  REQUIRE(lan.wait([&] { return heard_right.packets.size() == 200; }));
  for (std::size_t i = 0; i < 200; ++i) {
    const Packet& packet = heard_right.packets[i];
    REQUIRE(packet.interface_index == lan.right_index);
    REQUIRE(packet.datagram.size() == 28);
    CHECK(packet.datagram[20] == i);
  }
  const Bytes& first = heard_right.packets[0].datagram;
  CHECK(first[1] == 0xc0);
  CHECK(first[8] == 255);
  CHECK(first[9] == 112);
  CHECK(IpAddress::from_bytes(ByteView(first).subspan(12, 4)) == address("10.0.0.77"));
  CHECK(internet_checksum(ByteView(first).first(20)) == 0);
  CHECK(heard_left.packets.empty());
  CHECK(heard_left.events.empty());
}

TEST_CASE("nothing_is_heard_after_the_last_listener_has_left") {
  Lan lan;
  Recorder heard;
  const NetworkNamespace::Inside in_left(lan.left);
  AdvertSocket left(lan.loop, [](const Event&) {});
  REQUIRE(left.listen({lan.left_index, group}));
  const NetworkNamespace::Inside in_right(lan.right);
  AdvertSocket right(lan.loop, heard.sink());
  REQUIRE(right.listen({lan.right_index, group}));
  REQUIRE(right.listen({lan.right_index, group}));
  right.unlisten({lan.right_index, group});
  left.send(std::vector{advert(lan.left_index, 1)});
  REQUIRE(lan.wait([&] { return heard.packets.size() == 1; }));
  right.unlisten({lan.right_index, group});
  left.send(std::vector{advert(lan.left_index, 2)});
  CHECK_FALSE(lan.wait([&] { return heard.packets.size() > 1; }, milliseconds(50)));
}

TEST_CASE("adverts_pass_again_after_the_link_was_down") {
  Lan lan;
  Recorder heard;
  const NetworkNamespace::Inside in_left(lan.left);
  Recorder sender;
  AdvertSocket left(lan.loop, sender.sink());
  REQUIRE(left.listen({lan.left_index, group}));
  NetworkNamespace::run("ip link set eth0 down");
  left.send(std::vector{advert(lan.left_index, 1), advert(lan.left_index, 2)});
  CHECK(sender.count<SendRefused>() == 1);
  NetworkNamespace::run("ip link set eth0 up");
  {
    const NetworkNamespace::Inside in_right(lan.right);
    AdvertSocket right(lan.loop, heard.sink());
    REQUIRE(right.listen({lan.right_index, group}));
    NetworkNamespace::run("ip link set eth0 down; ip link set eth0 up");
    const auto again = [&] {
      left.send(std::vector{advert(lan.left_index, 3)});
      return !heard.packets.empty();
    };
    CHECK(lan.wait(again));
  }
}

TEST_CASE("removed_interface_is_an_error_and_its_successor_works") {
  Lan lan;
  Recorder sender;
  const NetworkNamespace::Inside in_left(lan.left);
  AdvertSocket left(lan.loop, sender.sink());
  REQUIRE(left.listen({lan.left_index, group}));
  NetworkNamespace::run("ip link del eth0");
  left.send(std::vector{advert(lan.left_index, 1)});
  CHECK(sender.count<SendRefused>() == 1);
  left.unlisten({lan.left_index, group});
  const Status gone = left.listen({lan.left_index, group});
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ENODEV);
  left.send(std::vector{advert(lan.left_index, 1)});
  CHECK(sender.count(SendRefused{lan.left_index, ENODEV}) >= 1);
  NetworkNamespace::run("ip link add eth0 type veth peer name eth1; ip link set eth0 up");
  CHECK(left.listen({if_nametoindex("eth0"), group}));
}

TEST_CASE("more_interfaces_than_memberships_of_one_socket_are_listened_at") {
  const NetworkNamespace space;
  const NetworkNamespace::Inside inside(space);
  EventLoop loop;
  AdvertSocket adverts(loop, [](const Event&) {});
  for (int i = 0; i < 15; ++i) {
    const std::string number = std::to_string(i);
    NetworkNamespace::run("ip link add a" + number + " type veth peer name b" + number);
    CHECK(adverts.listen({if_nametoindex(("a" + number).c_str()), group}));
    CHECK(adverts.listen({if_nametoindex(("b" + number).c_str()), group}));
  }
}

TEST_CASE("gratuitous_arp_is_seen_by_the_neighbour") {
  Lan lan;
  const NetworkNamespace::Inside in_right(lan.right);
  const UniqueFd capture(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETHERTYPE_ARP)));
  REQUIRE(capture);
  const NetworkNamespace::Inside in_left(lan.left);
  NeighbourSocket neighbours;
  std::vector<SendGratuitousArp> frames;
  for (std::uint32_t i = 0; i < 50; ++i)
    frames.push_back({lan.left_index, {{2, 0, 0, 0, 0, 1}}, IpAddress::v4(0x0a000100 + i)});
  frames.push_back({4711, {{2, 0, 0, 0, 0, 1}}, address("10.0.0.9")});
  frames.push_back({lan.left_index, {{2, 0, 0, 0, 0, 1}}, address("10.0.2.1")});
  neighbours.send(frames);
  CHECK(neighbours.dropped() == 1);
  frames.erase(frames.end() - 2);
  std::vector<Bytes> seen;
  const auto receive = [&] {
    Bytes frame(100);
    ssize_t count = 0;
    while ((count = recv(capture.get(), frame.data(), frame.size(), 0)) > 0) {
      seen.emplace_back(frame.begin(), frame.begin() + count);
      seen.back().resize(42);
    }
    return seen.size() >= frames.size();
  };
  REQUIRE(lan.wait(receive));
  for (const SendGratuitousArp& frame : frames) CHECK(std::count(seen.begin(), seen.end(), gratuitous_arp(frame)) == 1);
}

TEST_CASE("addresses_are_added_with_everything_that_was_asked_for_and_removed_again") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  AddressTable table(lan.loop, recorder.sink());
  KernelAddress full;
  full.interface_index = lan.left_index;
  full.entry.prefix = *IpPrefix::parse("172.18.8.231/24");
  full.entry.label = "eth0:1";
  full.entry.scope = RT_SCOPE_LINK;
  full.entry.broadcast_kind = config::Broadcast::AllOnes;
  full.valid_lifetime = seconds(500);
  KernelAddress peered;
  peered.interface_index = lan.left_index;
  peered.entry.prefix = *IpPrefix::parse("10.5.5.1");
  peered.entry.peer = IpPrefix::parse("10.6.6.6/30");
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

TEST_CASE("vips_and_their_announcements_work_when_no_descriptor_is_left") {
  Lan lan;
  Recorder recorder;
  const NetworkNamespace::Inside inside(lan.left);
  AddressTable table(lan.loop, recorder.sink());
  NeighbourSocket neighbours;
  std::vector<UniqueFd> all;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{64, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  while (true) {
    UniqueFd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!fd) break;
    all.push_back(std::move(fd));
  }
  KernelAddress vip;
  vip.interface_index = lan.left_index;
  vip.entry.prefix = *IpPrefix::parse("10.7.7.7/24");
  table.add(std::vector{vip});
  neighbours.send(std::vector{SendGratuitousArp{lan.left_index, {{2, 0, 0, 0, 0, 1}}, address("10.7.7.7")}});
  AddressTable late(lan.loop, recorder.sink());
  late.add(std::vector{vip});
  all.clear();
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(lan.wait([&] { return table.unanswered() == 0; }));
  CHECK_THAT(output_of("ip -o -4 address show dev eth0"), Catch::Contains("10.7.7.7/24"));
  CHECK(neighbours.dropped() == 0);
  REQUIRE(recorder.events.size() == 1);  // of the one that could not be opened
  CHECK(recorder.count(AddressRefused{lan.left_index, vip.entry.prefix, true, EMFILE}) == 1);
  late.add(std::vector{vip});
  REQUIRE(lan.wait([&] { return late.unanswered() == 0; }));
  CHECK(recorder.events.size() == 1);
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

TEST_CASE("real_ports_are_all_there") {
  EventLoop loop;
  const Ports ports = make_real_ports(loop, [](const Event&) {});
  CHECK(ports.adverts);
  CHECK(ports.neighbours);
  CHECK(ports.addresses);
  CHECK(ports.links);
}
