#include "vrrp/io/advert_filter.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

namespace holdfast::vrrp {

namespace {

/// A pair of sockets of which the second has the filter: the kernel runs it on what the first sends.
class Filtered {
 public:
  explicit Filtered(const Bytes& filter) {
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends_.data()) == 0);
    std::vector<sock_filter> lines(filter.size() / sizeof(sock_filter));
    std::memcpy(lines.data(), filter.data(), filter.size());
    const sock_fprog program{static_cast<unsigned short>(lines.size()), lines.data()};
    REQUIRE(setsockopt(ends_[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
  }
  ~Filtered() {
    for (const int end : ends_) close(end);
  }
  bool passes(const Bytes& packet) {
    const ssize_t sent = send(ends_[0], packet.data(), packet.size(), 0);
    char octet = 0;
    return recv(ends_[1], &octet, 1, 0) >= 0 && sent >= 0;
  }

 private:
  std::array<int, 2> ends_{};
};

struct Packet {
  std::uint8_t options = 0;  ///< words of IPv4 options
  std::uint8_t time_to_live = 255;
  std::uint8_t version_and_type = 0x21;
  std::uint8_t virtual_router_id = 51;
  std::uint8_t priority = 100;
  bool authentication_header = false;
};

Bytes ipv4(const Packet& p) {
  Bytes bytes(20 + p.options * 4U, 0);
  bytes[0] = static_cast<std::uint8_t>(0x45 + p.options);
  bytes[8] = p.time_to_live;
  if (p.authentication_header) bytes.resize(bytes.size() + 24, 0x99);
  for (const std::uint8_t octet : {p.version_and_type, p.virtual_router_id, p.priority, std::uint8_t{1}})
    bytes.push_back(octet);
  bytes.resize(bytes.size() + 16);
  return bytes;
}

const Listen kMulticast{2, *IpAddress::parse("224.0.0.18"), 112};

}  // namespace

TEST_CASE("an advert of the router passes, whatever its version and the options of its header") {
  Filtered socket(takeover_filter(kMulticast, 51));
  CHECK(socket.passes(ipv4({})));
  CHECK(socket.passes(ipv4({.version_and_type = 0x31})));
  CHECK(socket.passes(ipv4({.options = 5})));
  CHECK(socket.passes(ipv4({.priority = 1})));
  CHECK(socket.passes(ipv4({.priority = 255})));
}

TEST_CASE("another router, another type, one that resigns and one from far away do not pass") {
  Filtered socket(takeover_filter(kMulticast, 51));
  CHECK_FALSE(socket.passes(ipv4({.virtual_router_id = 52})));
  CHECK_FALSE(socket.passes(ipv4({.version_and_type = 0x22})));
  CHECK_FALSE(socket.passes(ipv4({.priority = 0})));
  CHECK_FALSE(socket.passes(ipv4({.time_to_live = 254})));
}

TEST_CASE("what is cut short does not pass") {
  Filtered socket(takeover_filter(kMulticast, 51));
  const Bytes whole = ipv4({});
  for (std::size_t length = 1; length < 23; ++length) {
    INFO(length);
    CHECK_FALSE(socket.passes(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))));
  }
}

TEST_CASE("unicast adverts may have lost some of their TTL") {
  Filtered socket(takeover_filter({2, *IpAddress::parse("10.0.0.1"), 112}, 51));
  CHECK(socket.passes(ipv4({.time_to_live = 250})));
}

TEST_CASE("of all VRIDs exactly those that are ours pass, whatever else is wrong") {
  std::vector<std::uint8_t> ours{1, 31, 32, 64, 100, 255};
  Filtered socket(vrid_filter(Family::IPv4, 112, ours));
  for (int vrid = 0; vrid < 256; ++vrid) {
    INFO(vrid);
    const bool expected = std::ranges::count(ours, vrid) > 0;
    CHECK(socket.passes(ipv4({.virtual_router_id = static_cast<std::uint8_t>(vrid)})) == expected);
  }
  CHECK(socket.passes(ipv4({.time_to_live = 1, .version_and_type = 0xff, .virtual_router_id = 31, .priority = 0})));
  Filtered authenticated(vrid_filter(Family::IPv4, 51, {51}));
  CHECK(authenticated.passes(ipv4({.authentication_header = true})));
  CHECK_FALSE(authenticated.passes(ipv4({.virtual_router_id = 50, .authentication_header = true})));
}

TEST_CASE("behind an authentication header the advert is found too") {
  Filtered socket(takeover_filter({2, *IpAddress::parse("224.0.0.18"), 51}, 51));
  CHECK(socket.passes(ipv4({.authentication_header = true})));
  CHECK_FALSE(socket.passes(ipv4({.virtual_router_id = 52, .authentication_header = true})));
}

}  // namespace holdfast::vrrp
