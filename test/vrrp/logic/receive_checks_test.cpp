#include "vrrp/logic/receive_checks.h"

#include <catch2/catch.hpp>

#include "vrrp/logic/authentication.h"

namespace holdfast::vrrp {

namespace {

/// A packet that passes every check, to be spoiled.
struct Packet {
  config::VrrpInstance ours;
  Advertisement advert;
  Datagram datagram;
  Bytes pdu;

  explicit Packet(int version = 2) {
    ours.version = version;
    ours.virtual_router_id = 51;
    ours.virtual_addresses.push_back({});
    ours.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
    if (version == 2) {
      ours.authentication = config::Authentication::Pass;
      ours.auth_pass = "1111";
      advert.authentication_type = 1;
      advert.authentication = authentication_data("1111");
    }
    advert.version = version;
    advert.virtual_router_id = 51;
    advert.priority = 100;
    advert.addresses = {*IpAddress::parse("192.0.2.9")};
    datagram.source = *IpAddress::parse("10.0.0.7");
    datagram.destination = ours.multicast_group;
    datagram.protocol = kProtocol;
    datagram.time_to_live = 255;
  }
  Verdict check() {
    const auto style = advert.version == 3 ? ChecksumStyle::PseudoHeader : ChecksumStyle::Plain;
    if (pdu.empty()) pdu = encode_pdu(advert, style, datagram.source, datagram.destination);
    datagram.pdu = pdu;
    if (datagram.total_length == 0) datagram.total_length = 20 + pdu.size();
    datagram.received_length = 20 + pdu.size();
    return check_advert(datagram, ours, {});
  }
};

}  // namespace

TEST_CASE("a good advert passes in both versions") {
  for (const int version : {2, 3}) {
    Packet packet(version);
    const Verdict verdict = packet.check();
    CHECK(verdict.advert);
    CHECK_FALSE(verdict.complaint);
  }
}

TEST_CASE("each fault of a packet drops it with its own complaint") {
  Packet packet;
  SECTION("TTL") {
    packet.datagram.time_to_live = 1;
    CHECK(packet.check().complaint == Complaint::WrongTimeToLive);
  }
  SECTION("version") {
    packet.ours.version = 3;
    CHECK(packet.check().complaint == Complaint::WrongVersion);
  }
  SECTION("type of authentication") {
    packet.advert.authentication_type = 0;
    CHECK(packet.check().complaint == Complaint::AuthenticationTypeMismatch);
  }
  SECTION("unknown authentication") {
    packet.advert.authentication_type = 9;
    CHECK(packet.check().complaint == Complaint::UnknownAuthenticationType);
  }
  SECTION("password") {
    packet.ours.auth_pass = "2";
    CHECK(packet.check().complaint == Complaint::WrongPassword);
  }
  SECTION("interval") {
    packet.advert.interval = seconds(2);
    CHECK(packet.check().complaint == Complaint::IntervalMismatch);
  }
  SECTION("type") {
    packet.advert.type = 3;
    CHECK(packet.check().complaint == Complaint::WrongType);
  }
  SECTION("total length") {
    packet.datagram.total_length = 99;
    CHECK(packet.check().complaint == Complaint::WrongTotalLength);
  }
  SECTION("group") {
    packet.datagram.destination = *IpAddress::parse("10.0.0.1");
    CHECK(packet.check().complaint == Complaint::NotOurGroup);
  }
  SECTION("checksum") {
    packet.check();
    packet.pdu[2] = 101;
    CHECK(packet.check().complaint == Complaint::WrongChecksum);
  }
  SECTION("length") {
    packet.check();
    packet.pdu.pop_back();
    packet.datagram.total_length = 0;
    CHECK(packet.check().complaint == Complaint::WrongLength);
  }
  SECTION("owner that ignores adverts") {
    packet.ours.priority = 255;
    packet.ours.owner_ignore_adverts = true;
    CHECK(packet.check().complaint == Complaint::IgnoredAsOwner);
  }
  CHECK_FALSE(packet.check().advert);
}

TEST_CASE("the first fault in the order of behaviour.md d.6 is the one that counts") {
  Packet packet;
  packet.datagram.time_to_live = 1;
  packet.ours.auth_pass = "2";
  packet.advert.interval = seconds(9);
  CHECK(packet.check().complaint == Complaint::WrongTimeToLive);
}

TEST_CASE("version 3 uses an advert of another interval, but never of interval zero") {
  Packet packet(3);
  packet.advert.interval = centiseconds(20);
  CHECK(packet.check().complaint == Complaint::IntervalMismatch);
  CHECK(packet.check().advert);
  Packet zero(3);
  zero.advert.interval = Duration::zero();
  CHECK_FALSE(zero.check().advert);
}

TEST_CASE("another list of addresses is complained about and used") {
  Packet packet;
  packet.advert.addresses = {*IpAddress::parse("192.0.2.10")};
  const Verdict verdict = packet.check();
  CHECK(verdict.advert);
  CHECK(verdict.complaint == Complaint::AddressListMismatch);
  CHECK(verdict.text == "ip address associated with VRID 51 not present in advert from 10.0.0.7: 192.0.2.9");
}

TEST_CASE("the order of addresses does not matter, and skip_check_adv_addr trusts the known Active") {
  Packet packet;
  packet.ours.virtual_addresses.push_back({});
  packet.ours.virtual_addresses[1].prefix = *IpPrefix::parse("192.0.2.1/24");
  packet.advert.addresses = {*IpAddress::parse("192.0.2.1"), *IpAddress::parse("192.0.2.9")};
  CHECK_FALSE(packet.check().complaint);
  Packet skipping;
  skipping.ours.skip_check_adv_addr = true;
  skipping.advert.addresses.clear();
  CHECK(skipping.check().complaint == Complaint::AddressListMismatch);
  CHECK_FALSE(check_advert(skipping.datagram, skipping.ours, skipping.datagram.source).complaint);
}

TEST_CASE("every complaint has a counter") {
  for (int c = 0; c <= static_cast<int>(Complaint::AddressListMismatch); ++c) {
    Statistics before;
    Statistics after;
    count_complaint(static_cast<Complaint>(c), after);
    CHECK_FALSE(before == after);
  }
}

}  // namespace holdfast::vrrp
