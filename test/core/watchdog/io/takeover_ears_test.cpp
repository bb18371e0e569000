#include "core/watchdog/io/takeover_ears.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/runtime/clock.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::watchdog;
using holdfast::test::NetworkNamespace;

namespace {

/// Passes what has this octet in its second place behind the IPv4 header.
Bytes second_octet_is(std::uint8_t value) {
  const sock_filter lines[] = {{BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0},
                               {BPF_LD | BPF_B | BPF_IND, 0, 0, 1},
                               {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value},
                               {BPF_RET | BPF_K, 0, 0, 0xffff},
                               {BPF_RET | BPF_K, 0, 0, 0}};
  Bytes octets(sizeof lines);
  std::memcpy(octets.data(), lines, sizeof lines);
  return octets;
}

void send_to(const char* interface, std::uint8_t second_octet) {
  const UniqueFd fd(socket(AF_INET, SOCK_RAW, 112));
  REQUIRE(fd);
  ip_mreqn outgoing{};
  outgoing.imr_ifindex = static_cast<int>(if_nametoindex(interface));
  REQUIRE(setsockopt(fd.get(), IPPROTO_IP, IP_MULTICAST_IF, &outgoing, sizeof outgoing) == 0);
  const int no = 0;  // else what we send is looped back to our own side as well
  REQUIRE(setsockopt(fd.get(), IPPROTO_IP, IP_MULTICAST_LOOP, &no, sizeof no) == 0);
  const std::uint8_t advert[] = {0x21, second_octet, 100, 1};
  sockaddr_in group{};
  group.sin_family = AF_INET;
  group.sin_addr.s_addr = htonl(0xe0000012);
  REQUIRE(sendto(fd.get(), advert, sizeof advert, 0, reinterpret_cast<sockaddr*>(&group), sizeof group) ==
          sizeof advert);
}

struct Wire {
  NetworkNamespace space;
  NetworkNamespace::Inside inside{space};
  Wire() {
    NetworkNamespace::run("ip link add left type veth peer name right && ip link set left up && ip link set right up");
    NetworkNamespace::await_carrier("left");
    NetworkNamespace::run("ip address add 10.0.0.1/24 dev left && ip address add 10.0.0.2/24 dev right");
    // both ends stand in one namespace: a packet from an own address would be dropped as a martian
    NetworkNamespace::run(
        "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.right.rp_filter=0 "
        "net.ipv4.conf.right.accept_local=1");
  }
  Ear ear(const Bytes& filter) const {
    return {if_nametoindex("right"), *IpAddress::parse("224.0.0.18"), 112, filter, seconds(4)};
  }
};

}  // namespace

TEST_CASE("an ear hears what its filter passes, and nothing else") {
  Wire wire;
  EventLoop loop;
  TakeoverEars ears(loop);
  int heard = 0;
  REQUIRE(ears.listen("V", wire.ear(second_octet_is(51)), [&] { ++heard; }));
  send_to("left", 52);
  CHECK_FALSE(loop.run_until([&] { return heard > 0; }, now() + milliseconds(100)));
  send_to("left", 51);
  CHECK(loop.run_until([&] { return heard > 0; }, now() + seconds(5)));
  ears.stop("V");
  const int before = heard;
  send_to("left", 51);
  loop.run_until([&] { return heard > before; }, now() + milliseconds(50));
  CHECK(heard == before);
}

TEST_CASE("an ear may be stopped by what it hears") {
  Wire wire;
  EventLoop loop;
  TakeoverEars ears(loop);
  bool heard = false;
  REQUIRE(ears.listen("V", wire.ear(second_octet_is(51)), [&] {
    ears.stop("V");
    heard = true;
  }));
  send_to("left", 51);
  CHECK(loop.run_until([&] { return heard; }, now() + seconds(5)));
}

TEST_CASE("an ear that cannot be there says why") {
  Wire wire;
  EventLoop loop;
  TakeoverEars ears(loop);
  Ear nowhere = wire.ear(second_octet_is(51));
  nowhere.interface_index = 4711;
  CHECK(ears.listen("V", nowhere, [] {}).error().code == ENODEV);
  CHECK(ears.listen("V", wire.ear({1, 2, 3}), [] {}).error().code == EINVAL);
}
