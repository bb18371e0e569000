#include "vrrp/logic/authentication_header.h"

#include <catch2/catch.hpp>

#include "test/support/virtual_lan.h"
#include "test/vrrp/logic/scenario_words.h"

namespace holdfast::vrrp {

namespace {

struct Wire {
  AhMemory sender, receiver;
  Duration utc{};
  SendAdvert advert;
  Bytes datagram;
  Wire() { send(); }
  void send() {
    advert = {};
    advert.source = *IpAddress::parse("10.0.0.7");
    advert.destination = *IpAddress::parse("224.0.0.18");
    advert.pdu = {0x21, 51, 100, 1, 2, 1, 0, 0, 192, 0, 2, 9, 0, 0, 0, 0, 0, 0, 0, 0};
    put_authentication_header(advert, "secret", next_number(sender, utc));
    datagram = test::ip_datagram(advert.source, advert.destination, advert.pdu, advert.time_to_live, advert.protocol,
                                 advert.identification);
  }
  AhVerdict check(const char* password = "secret") {
    const auto parsed = parse_datagram(datagram);
    REQUIRE(parsed);
    REQUIRE(parsed->authentication_header.size() == 24);
    return check_authentication_header(*parsed, 51, password, receiver);
  }
};

}  // namespace

TEST_CASE("an authentic packet passes once; each has a higher number") {
  Wire wire;
  CHECK(wire.check() == AhVerdict::Authentic);
  CHECK(wire.check() == AhVerdict::Replayed);
  wire.send();
  CHECK(wire.check() == AhVerdict::Authentic);
}

TEST_CASE("another password or a changed octet is found, a changed TTL is not looked at") {
  Wire wire;
  CHECK(wire.check("other") == AhVerdict::WrongDigest);
  wire.datagram[8] = 3;
  CHECK(wire.check() == AhVerdict::Authentic);
  wire.send();
  wire.datagram.back() ^= 1;
  CHECK(wire.check() == AhVerdict::WrongDigest);
  wire.send();
  wire.datagram[26] ^= 1;
  CHECK(wire.check() == AhVerdict::WrongSpi);
}

TEST_CASE("a packet of keepalived 2.2.7 is authentic") {
  const Bytes seen = test::bytes_of_hex(
      "45c0004000010000ff33269aac12080be000001270040000ac12080b00000001f102cdd6e9440fbe5705c4e2216564010201c39eac1208e7"
      "0000000000000000");
  AhMemory memory;
  const auto parsed = parse_datagram(seen);
  REQUIRE(parsed);
  CHECK(check_authentication_header(*parsed, 101, "1111", memory) == AhVerdict::Authentic);
}

TEST_CASE("our numbers go on above everything heard") {
  Wire wire;
  wire.receiver.sent = 500;
  CHECK(wire.check() == AhVerdict::Authentic);
  wire.receiver.heard.begin()->second = 9000;
  CHECK(next_number(wire.receiver, {}) > 9000);
  CHECK(next_number(wire.receiver, seconds(1'700'000'000)) == 1'700'000'000);
  CHECK(next_number(wire.receiver, {}) == 1'700'000'001);
}

TEST_CASE("a datagram whose authentication header is cut or strange is none") {
  const Wire wire;
  for (std::size_t length = 20; length < 20 + 24 + 8; ++length) {
    CHECK_FALSE(parse_datagram(ByteView(wire.datagram).first(length)));
  }
  Bytes other = wire.datagram;
  other[21] = 5;
  CHECK_FALSE(parse_datagram(other));
}

}  // namespace holdfast::vrrp
