#include "vrrp/logic/advertisement.h"

#include <catch2/catch.hpp>

#include "test/support/virtual_lan.h"

namespace holdfast::vrrp {

namespace {

const IpAddress kSource = *IpAddress::parse("10.0.0.1");
const IpAddress kGroup = *IpAddress::parse("224.0.0.18");

Advertisement version_2() {
  Advertisement a;
  a.virtual_router_id = 101;
  a.priority = 90;
  a.addresses = {*IpAddress::parse("172.18.8.231")};
  a.authentication_type = 1;
  a.authentication = {'1', '1', '1', '1'};
  return a;
}

Advertisement version_3() {
  Advertisement a;
  a.version = 3;
  a.virtual_router_id = 6;
  a.priority = 200;
  a.interval = centiseconds(10);
  a.addresses = {*IpAddress::parse("192.0.2.9"), *IpAddress::parse("192.0.2.10")};
  return a;
}

}  // namespace

TEST_CASE("version 2 has the octets of RFC 3768 section 5.1") {
  const Bytes pdu = encode_pdu(version_2(), ChecksumStyle::Plain, kSource, kGroup);
  const Bytes expected = {0x21, 101, 90, 1, 1, 1, 0x8e, 0xe5, 172, 18, 8, 231, '1', '1', '1', '1', 0, 0, 0, 0};
  Bytes without_checksum = pdu;
  without_checksum[6] = expected[6];
  without_checksum[7] = expected[7];
  CHECK(without_checksum == expected);
  CHECK(checksum_is_right(pdu, ChecksumStyle::Plain, kSource, kGroup));
}

TEST_CASE("version 3 has the octets of RFC 9568 section 5.1") {
  const Bytes pdu = encode_pdu(version_3(), ChecksumStyle::PseudoHeader, kSource, kGroup);
  REQUIRE(pdu.size() == 16);
  CHECK(Bytes(pdu.begin(), pdu.begin() + 6) == Bytes{0x31, 6, 200, 2, 0, 10});
  CHECK(Bytes(pdu.begin() + 8, pdu.end()) == Bytes{192, 0, 2, 9, 192, 0, 2, 10});
  CHECK(checksum_is_right(pdu, ChecksumStyle::PseudoHeader, kSource, kGroup));
  CHECK_FALSE(checksum_is_right(pdu, ChecksumStyle::Plain, kSource, kGroup));
  CHECK_FALSE(checksum_is_right(pdu, ChecksumStyle::PseudoHeader, *IpAddress::parse("10.0.0.2"), kGroup));
}

TEST_CASE("what is encoded is parsed again") {
  for (const Advertisement& advert : {version_2(), version_3()}) {
    const Bytes pdu = encode_pdu(advert, ChecksumStyle::Plain, kSource, kGroup);
    REQUIRE(parse_pdu(pdu));
    CHECK(*parse_pdu(pdu) == advert);
  }
}

TEST_CASE("a PDU of any other length than its count says is refused") {
  for (const Advertisement& advert : {version_2(), version_3()}) {
    Bytes pdu = encode_pdu(advert, ChecksumStyle::Plain, kSource, kGroup);
    for (std::size_t length = 0; length < pdu.size(); ++length) CHECK_FALSE(parse_pdu(ByteView(pdu).first(length)));
    pdu.push_back(0);
    CHECK_FALSE(parse_pdu(pdu));
  }
}

TEST_CASE("the longest interval of version 3 is 40.95 s and longer ones are cut") {
  Advertisement advert = version_3();
  advert.interval = seconds(100);
  CHECK(parse_pdu(encode_pdu(advert, ChecksumStyle::Plain, kSource, kGroup))->interval == centiseconds(4095));
}

TEST_CASE("every single bit that flips breaks the checksum") {
  const Bytes pdu = encode_pdu(version_2(), ChecksumStyle::Plain, kSource, kGroup);
  for (std::size_t bit = 0; bit < pdu.size() * 8; ++bit) {
    Bytes flipped = pdu;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
    CHECK_FALSE(checksum_is_right(flipped, ChecksumStyle::Plain, kSource, kGroup));
  }
}

TEST_CASE("the IPv4 header is taken apart") {
  const Bytes pdu = encode_pdu(version_2(), ChecksumStyle::Plain, kSource, kGroup);
  const Bytes bytes = test::ip_datagram(kSource, kGroup, pdu, 254);
  const auto datagram = parse_datagram(bytes);
  REQUIRE(datagram);
  CHECK(datagram->source == kSource);
  CHECK(datagram->destination == kGroup);
  CHECK(datagram->protocol == kProtocol);
  CHECK(datagram->time_to_live == 254);
  CHECK(datagram->total_length == bytes.size());
  CHECK(Bytes(datagram->pdu.begin(), datagram->pdu.end()) == pdu);
}

TEST_CASE("IP options are skipped") {
  Bytes bytes = test::ip_datagram(kSource, kGroup, Bytes{0x31, 6, 200, 0, 0, 10, 0, 0});
  bytes.insert(bytes.begin() + 20, {1, 1, 1, 0});
  bytes[0] = 0x46;
  const auto datagram = parse_datagram(bytes);
  REQUIRE(datagram);
  CHECK(datagram->pdu[0] == 0x31);
}

TEST_CASE("a datagram without a whole IPv4 header and eight octets behind it is refused") {
  const Bytes whole = test::ip_datagram(kSource, kGroup, Bytes(8, 0));
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(parse_datagram(ByteView(whole).first(length)));
  CHECK(parse_datagram(whole));
  for (const std::uint8_t first : Bytes{0x44, 0x65, 0x05, 0x4f, 0x00}) {
    Bytes bad = whole;
    bad[0] = first;
    CHECK_FALSE(parse_datagram(bad));
  }
}

}  // namespace holdfast::vrrp
