#include "core/base/ip_address.h"

#include <catch2/catch.hpp>

using namespace holdfast;

namespace {

IpAddress address(const char* text) {
  const auto parsed = IpAddress::parse(text);
  INFO(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("text of an address reads back as the same address") {
  for (const char* text :
       {"0.0.0.0", "192.0.2.9", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8::8:800:200c:417a"}) {
    CHECK(address(text).text() == text);
  }
}

TEST_CASE("what is no address is refused") {
  for (const char* text :
       {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1.2.3.4/24", "fe80::1%eth0", ":::", "x",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999", "0000:0000:0000:0000:0000:0000:255.255.255.2555"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text));
  }
}

TEST_CASE("octets of any other length than 4 and 16 are no address") {
  for (std::size_t length = 0; length <= 20; ++length) {
    const Bytes octets(length, 7);
    CHECK(IpAddress::from_bytes(octets).has_value() == (length == 4 || length == 16));
  }
  CHECK(IpAddress::from_bytes(address("192.0.2.9").bytes()) == address("192.0.2.9"));
  CHECK(IpAddress::from_bytes(address("fe80::2").bytes()) == address("fe80::2"));
}

TEST_CASE("addresses compare as unsigned integers inside a family (RFC 9568 6.4.3)") {
  CHECK(address("10.0.0.1") < address("10.0.0.2"));
  CHECK(address("9.255.255.255") < address("10.0.0.0"));
  CHECK(address("127.0.0.1") < address("128.0.0.1"));
  CHECK(address("fe80::1") < address("fe80::ff"));
  CHECK(address("255.255.255.255") < address("::"));
  CHECK(IpAddress::v4(0xc0000209) == address("192.0.2.9"));
  CHECK(address("192.0.2.9").v4_value() == 0xc0000209);
}

TEST_CASE("classes of addresses") {
  CHECK(address("224.0.0.18").is_multicast());
  CHECK(address("ff02::12").is_multicast());
  CHECK_FALSE(address("223.255.255.255").is_multicast());
  CHECK(address("169.254.1.1").is_link_local());
  CHECK(address("febf::1").is_link_local());
  CHECK_FALSE(address("fec0::1").is_link_local());
  CHECK(address("127.1.2.3").is_loopback());
  CHECK(address("::1").is_loopback());
  CHECK_FALSE(address("::2").is_loopback());
  CHECK(IpAddress().is_any());
  CHECK(IpAddress::any(Family::IPv6).text() == "::");
}

TEST_CASE("a prefix without a length is one host") {
  CHECK(IpPrefix::parse("192.0.2.9")->text() == "192.0.2.9/32");
  CHECK(IpPrefix::parse("fe80::1")->text() == "fe80::1/128");
  CHECK(IpPrefix::parse("192.0.2.9/24")->length == 24);
}

TEST_CASE("a malformed prefix is refused") {
  for (const char* text :
       {"192.0.2.9/", "192.0.2.9/33", "192.0.2.9/-1", "192.0.2.9/+1", "192.0.2.9/24x", "192.0.2.9/ 24", "fe80::1/129",
        "/24", "192.0.2.9/99999999999999999999", "192.0.2.9/24/24"}) {
    INFO(text);
    CHECK_FALSE(IpPrefix::parse(text));
  }
}

TEST_CASE("a prefix contains what shares its first bits and no other family") {
  const auto holds = [](const char* prefix, const char* other) {
    return IpPrefix::parse(prefix)->contains(address(other));
  };
  CHECK(holds("10.0.0.1/8", "10.255.0.1"));
  CHECK_FALSE(holds("10.0.0.1/8", "11.0.0.1"));
  CHECK(holds("192.0.2.128/25", "192.0.2.255"));
  CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
  CHECK(holds("0.0.0.0/0", "255.0.0.1"));
  CHECK_FALSE(holds("0.0.0.0/0", "::1"));
  CHECK(holds("10.0.0.1/32", "10.0.0.1"));
  CHECK_FALSE(holds("10.0.0.1/32", "10.0.0.2"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
}
