// Adverts, announcements and all ports together against the real kernel. Addresses and links: kernel_links_test.cpp.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>

#include "core/base/checksum.h"
#include "test/vrrp/io/kernel_lan.h"
#include "vrrp/io/address_table.h"
#include "vrrp/io/advert_socket.h"
#include "vrrp/io/neighbour_socket.h"
#include "vrrp/io/real_ports.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using namespace holdfast::vrrp::test;
using holdfast::test::output_of;

namespace {

const IpAddress group = *IpAddress::parse("224.0.0.18");

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

TEST_CASE("who_catches_up_hears_what_waits_without_a_turn_of_the_loop") {
  Lan lan;
  Recorder heard;
  const NetworkNamespace::Inside in_left(lan.left);
  AdvertSocket left(lan.loop, [](const Event&) {});
  REQUIRE(left.listen({lan.left_index, group}));
  std::optional<NetworkNamespace::Inside> in_right(std::in_place, lan.right);
  AdvertSocket right(lan.loop, heard.sink());
  REQUIRE(right.listen({lan.right_index, group}));
  std::vector<SendAdvert> adverts;
  for (std::uint8_t i = 0; i < 100; ++i) adverts.push_back(advert(lan.left_index, i));
  left.send(adverts);
  for (int attempt = 0; attempt < 5000 && heard.packets.size() < 100; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the kernel may take its time to deliver
    right.catch_up();
  }
  CHECK(heard.packets.size() == 100);
  right.catch_up();
  CHECK(heard.packets.size() == 100);
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

TEST_CASE("real_ports_are_all_there") {
  EventLoop loop;
  const Ports ports = make_real_ports(loop, [](const Event&) {});
  CHECK(ports.adverts);
  CHECK(ports.neighbours);
  CHECK(ports.addresses);
  CHECK(ports.links);
}
