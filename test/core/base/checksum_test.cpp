#include "core/base/checksum.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("checksum of RFC 1071's example") {
  const Bytes bytes{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  CHECK(internet_checksum(bytes) == static_cast<std::uint16_t>(~0xddf2));
}

TEST_CASE("an odd octet at the end counts as the high half of a word") {
  CHECK(internet_checksum(Bytes{0x12}) == static_cast<std::uint16_t>(~0x1200));
  CHECK(internet_checksum(Bytes{}) == 0xffff);
}

TEST_CASE("an IPv4 header that holds its checksum sums to zero") {
  // From a capture: 45 00 00 73 00 00 40 00 40 11 b8 61 c0 a8 00 01 c0 a8 00 c7
  const Bytes header{0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7};
  CHECK(internet_checksum(header) == 0);
}

TEST_CASE("a VRRP version 2 advert of keepalived sums to zero without a pseudo header") {
  // 21 33 64 01 00 01 CK CK, VIP 192.0.2.9, eight octets of authentication: 0x2133+0x6401+0x0001+0xc000+0x0209 = 0x1473e
  const Bytes pdu{0x21, 0x33, 0x64, 0x01, 0x00, 0x01, 0xb8, 0xc0, 192, 0, 2, 9, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(internet_checksum(pdu) == 0);
}

TEST_CASE("a VRRP version 3 advert sums to zero with the IPv4 pseudo header of RFC 9568 5.2.8") {
  // version 3, vrid 51, priority 100, one address, 100 centiseconds, 192.0.2.9; from 10.0.0.1 to 224.0.0.18:
  // 0x0a00+0x0001+0xe000+0x0012+0x0070+0x000c + 0x3133+0x6401+0x0064+0xc000+0x0209 = 0x24230 -> 0x4232 -> ~ = 0xbdcd
  const Bytes pdu{0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0xbd, 0xcd, 192, 0, 2, 9};
  const auto source = *IpAddress::parse("10.0.0.1");
  const auto group = *IpAddress::parse("224.0.0.18");
  CHECK(internet_checksum(source, group, 112, pdu) == 0);
  CHECK(internet_checksum(pdu) != 0);
  CHECK(internet_checksum(*IpAddress::parse("10.0.0.2"), group, 112, pdu) != 0);
}

TEST_CASE("an IPv6 pseudo header is counted whole") {
  const auto source = *IpAddress::parse("fe80::1");
  const auto group = *IpAddress::parse("ff02::12");
  Bytes pdu{0x31, 0x33, 0x64, 0x00, 0x00, 0x64, 0x00, 0x00};
  const std::uint16_t sum = internet_checksum(source, group, 112, pdu);
  // ~(0xfe80+1 + 0xff02+0x12 + 8 + 112 + 0x3133+0x6400+0x0064)
  CHECK(sum == 0x6c59);
  pdu[6] = static_cast<std::uint8_t>(sum >> 8);
  pdu[7] = static_cast<std::uint8_t>(sum);
  CHECK(internet_checksum(source, group, 112, pdu) == 0);
}
