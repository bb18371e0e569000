// Unicast and IPv6 adverts and neighbour advertisements against the real kernel, in two network namespaces joined by a veth
// pair.
#include <algorithm>
#include <catch2/catch.hpp>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/base/checksum.h"
#include "test/vrrp/io/kernel_lan.h"
#include "vrrp/io/advert_socket.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/neighbour_advert.h"
#include "vrrp/io/neighbour_socket.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using holdfast::test::NetworkNamespace;
using holdfast::vrrp::test::address;
using holdfast::vrrp::test::Lan;

namespace {

struct Heard {
  std::uint32_t interface_index;
  Bytes bytes;
  std::optional<Ipv6Envelope> ipv6;
};

struct Ear {
  std::vector<Heard> packets;
  std::vector<SendRefused> refused;
  EventSink sink() {
    return [this](const Event& event) {
      if (const auto* packet = std::get_if<PacketReceived>(&event)) {
        packets.push_back(
            {packet->interface_index, Bytes(packet->datagram.begin(), packet->datagram.end()), packet->ipv6});
      }
      if (const auto* refusal = std::get_if<SendRefused>(&event)) refused.push_back(*refusal);
    };
  }
};

std::string addresses(const std::string& v4, const std::string& link_local, const std::string& v6) {
  return "echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; "
         "ip address add " +
         v4 + "/24 dev eth0; ip link set eth0 up; ip -6 address add " + link_local +
         "/64 dev eth0 nodad; ip -6 address add " + v6 + "/64 dev eth0 nodad";
}

struct Pair : Lan {
  Pair() : Lan(addresses("10.0.0.1", "fe80::a", "2001:db8::a"), addresses("10.0.0.2", "fe80::b", "2001:db8::b")) {}
};

SendAdvert advert(std::uint32_t index, std::string_view from, std::string_view to, std::uint8_t first = 1) {
  SendAdvert made;
  made.interface_index = index;
  made.source = address(from);
  made.destination = address(to);
  made.pdu = {first, 2, 3, 4, 5, 6, 7, 8};
  return made;
}

}  // namespace

TEST_CASE("a_unicast_advert_is_heard_once_by_the_socket_of_its_address") {
  Pair pair;
  Ear heard;
  const NetworkNamespace::Inside in_left(pair.left);
  AdvertSocket left(pair.loop, [](const Event&) {});
  REQUIRE(left.listen({pair.left_index, address("10.0.0.1")}));
  const NetworkNamespace::Inside in_right(pair.right);
  AdvertSocket right(pair.loop, heard.sink());
  REQUIRE(right.listen({pair.right_index, address("224.0.0.18")}));
  REQUIRE(right.listen({pair.right_index, address("10.0.0.2")}));
  SendAdvert sent = advert(pair.left_index, "10.0.0.1", "10.0.0.2");
  sent.time_to_live = 7;
  left.send(std::vector{sent});
  REQUIRE(pair.wait([&] { return !heard.packets.empty(); }));
  CHECK_FALSE(pair.wait([&] { return heard.packets.size() > 1; }, milliseconds(50)));
  CHECK(heard.packets[0].bytes[8] == 7);
  CHECK(heard.packets[0].interface_index == pair.right_index);
  right.unlisten({pair.right_index, address("10.0.0.2")});
  left.send(std::vector{sent});
  REQUIRE(
      pair.wait([&] { return heard.packets.size() == 2; }));  // by the multicast socket now, so that somebody complains
}

TEST_CASE("a_unicast_socket_may_be_bound_to_no_interface_and_to_an_address_that_is_not_there_yet") {
  Pair pair;
  Ear heard;
  const NetworkNamespace::Inside in_left(pair.left);
  AdvertSocket left(pair.loop, [](const Event&) {});
  REQUIRE(left.listen({0, address("10.0.0.1")}));
  const NetworkNamespace::Inside in_right(pair.right);
  AdvertSocket right(pair.loop, heard.sink());
  REQUIRE(right.listen({0, address("10.0.0.99")}));
  NetworkNamespace::run("ip address add 10.0.0.99/24 dev eth0");
  left.send(std::vector{advert(0, "10.0.0.1", "10.0.0.99")});
  REQUIRE(pair.wait([&] { return !heard.packets.empty(); }));
  CHECK(heard.packets[0].interface_index == 0);
}

TEST_CASE("AH_adverts_have_a_socket_of_their_own") {
  Pair pair;
  Ear heard;
  const NetworkNamespace::Inside in_left(pair.left);
  AdvertSocket left(pair.loop, [](const Event&) {});
  REQUIRE(left.listen({pair.left_index, address("224.0.0.18"), 51}));
  const NetworkNamespace::Inside in_right(pair.right);
  AdvertSocket right(pair.loop, heard.sink());
  REQUIRE(right.listen({pair.right_index, address("224.0.0.18")}));
  SendAdvert sent = advert(pair.left_index, "10.0.0.1", "224.0.0.18");
  sent.protocol = 51;
  sent.identification = 0x1234;
  left.send(std::vector{sent});
  CHECK_FALSE(pair.wait([&] { return !heard.packets.empty(); }, milliseconds(50)));
  REQUIRE(right.listen({pair.right_index, address("224.0.0.18"), 51}));
  left.send(std::vector{sent});
  REQUIRE(pair.wait([&] { return !heard.packets.empty(); }));
  CHECK(heard.packets[0].bytes[9] == 51);
  CHECK(heard.packets[0].bytes[4] == 0x12);
}

TEST_CASE("IPv6_adverts_cross_the_link_with_source_and_hop_limit_and_are_not_looped_back") {
  Pair pair;
  Ear heard, own;
  const NetworkNamespace::Inside in_left(pair.left);
  AdvertSocket left(pair.loop, own.sink());
  REQUIRE(left.listen({pair.left_index, address("ff02::12")}));
  const NetworkNamespace::Inside in_right(pair.right);
  AdvertSocket right(pair.loop, heard.sink());
  REQUIRE(right.listen({pair.right_index, address("ff02::12")}));
  std::vector<SendAdvert> many;
  for (std::uint8_t i = 0; i < 100; ++i) many.push_back(advert(pair.left_index, "fe80::a", "ff02::12", i));
  left.send(many);
  REQUIRE(pair.wait([&] { return heard.packets.size() == 100; }));
  for (std::size_t i = 0; i < 100; ++i) {
    const Heard& packet = heard.packets[i];
    CHECK(packet.bytes == many[i].pdu);
    REQUIRE(packet.ipv6);
    CHECK(packet.ipv6->source == address("fe80::a"));
    CHECK(packet.ipv6->destination == address("ff02::12"));
    CHECK(packet.ipv6->hop_limit == 255);
  }
  CHECK(own.packets.empty());
  CHECK(own.refused.empty());
}

TEST_CASE("IPv6_unicast_adverts_cross_the_link_with_their_hop_limit") {
  Pair pair;
  Ear heard;
  const NetworkNamespace::Inside in_left(pair.left);
  AdvertSocket left(pair.loop, [](const Event&) {});
  REQUIRE(left.listen({pair.left_index, address("2001:db8::a")}));
  REQUIRE(left.listen({pair.left_index, address("fe80::a")}));
  const NetworkNamespace::Inside in_right(pair.right);
  AdvertSocket right(pair.loop, heard.sink());
  REQUIRE(right.listen({pair.right_index, address("2001:db8::b")}));
  REQUIRE(right.listen({pair.right_index, address("fe80::b")}));
  SendAdvert sent = advert(pair.left_index, "2001:db8::a", "2001:db8::b");
  sent.time_to_live = 9;
  left.send(std::vector{sent, advert(pair.left_index, "fe80::a", "fe80::b")});
  REQUIRE(pair.wait([&] { return heard.packets.size() == 2; }));
  std::ranges::sort(heard.packets, {}, [](const Heard& packet) { return packet.ipv6->hop_limit; });
  CHECK(heard.packets[0].ipv6->hop_limit == 9);
  CHECK(heard.packets[0].ipv6->destination == address("2001:db8::b"));
  CHECK(heard.packets[1].ipv6->destination == address("fe80::b"));
}

TEST_CASE("a_tentative_address_is_told_when_it_can_be_used") {
  const NetworkNamespace alone;
  const NetworkNamespace::Inside inside(alone);
  NetworkNamespace::run(
      "ip link add eth0 type veth peer name eth1; ip link set eth1 up; echo 0 > /proc/sys/net/ipv6/conf/"
      "eth0/disable_ipv6; ip link set eth0 up");
  EventLoop loop;
  std::vector<AddressAppeared> told;
  LinkMonitor monitor(loop, [&](const Event& event) {
    if (const auto* appeared = std::get_if<AddressAppeared>(&event)) told.push_back(*appeared);
  });
  REQUIRE(monitor.start());
  NetworkNamespace::run("ip -6 address add 2001:db8::1/64 dev eth0");
  const auto known = [&] {
    return std::ranges::any_of(told, [](const auto& one) { return one.prefix.address == address("2001:db8::1"); });
  };
  CHECK_FALSE(loop.run_until(known, loop.now() + milliseconds(200)));
  CHECK(loop.run_until(known, loop.now() + seconds(5)));
}

TEST_CASE("an_unsolicited_neighbour_advert_has_its_fields_and_a_right_checksum") {
  const SendGratuitousArp frame{4, {{2, 0, 0, 0, 0, 1}}, address("2001:db8::9")};
  const Bytes bytes = unsolicited_neighbour_advert(frame, true);
  REQUIRE(bytes.size() == 14 + 40 + 32);
  CHECK(Bytes(bytes.begin(), bytes.begin() + 14) == Bytes{0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x86, 0xdd});
  CHECK(bytes[21] == 255);
  const ByteView message = ByteView(bytes).subspan(54);
  CHECK(message[0] == 136);
  CHECK(message[4] == 0xa0);
  CHECK(unsolicited_neighbour_advert(frame, false)[58] == 0x20);
  CHECK(internet_checksum(frame.address, address("ff02::1"), IPPROTO_ICMPV6, message) == 0);
}
