#include "vrrp/logic/receive_checks.h"

#include <catch2/catch.hpp>

#include "vrrp/logic/authentication.h"

namespace holdfast::vrrp {

namespace {

/// A packet that passes every check, to be spoiled.
struct Packet {
  WireMemory memory;
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
    return check_advert(datagram, ours, {}, memory);
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
  CHECK_FALSE(check_advert(skipping.datagram, skipping.ours, skipping.datagram.source, skipping.memory).complaint);
}

TEST_CASE("every complaint has a counter") {
  for (int c = 0; c <= static_cast<int>(Complaint::AddressListMismatch); ++c) {
    Statistics before;
    Statistics after;
    count_complaint(static_cast<Complaint>(c), after);
    CHECK_FALSE(before == after);
  }
}

namespace {

Packet unicast_packet() {
  Packet packet(3);
  config::UnicastPeer peer;
  peer.address = packet.datagram.source;
  packet.ours.unicast_peers = {peer};
  packet.datagram.destination = *IpAddress::parse("10.0.0.1");
  return packet;
}

}  // namespace

TEST_CASE("a unicast instance takes unicast adverts only, whatever their TTL") {
  Packet packet = unicast_packet();
  packet.datagram.time_to_live = 3;
  CHECK_FALSE(packet.check().complaint);
  Packet multicast = unicast_packet();
  multicast.datagram.destination = multicast.ours.multicast_group;
  const Verdict verdict = multicast.check();
  CHECK_FALSE(verdict.advert);
  CHECK(verdict.text == "discarding multicast packet from 10.0.0.7 on unicast instance");
  Packet reverse(3);
  reverse.datagram.destination = *IpAddress::parse("10.0.0.1");
  CHECK(reverse.check().text == "discarding unicast packet from 10.0.0.7 on multicast instance");
}

TEST_CASE("min_ttl and max_ttl count for the peer that has them") {
  for (const int ttl : {253, 254, 255}) {
    Packet packet = unicast_packet();
    packet.ours.unicast_peers[0].min_ttl = 254;
    packet.ours.unicast_peers[0].max_ttl = 254;
    packet.datagram.time_to_live = static_cast<std::uint8_t>(ttl);
    CHECK(packet.check().advert.has_value() == (ttl == 254));
  }
  Packet other = unicast_packet();
  other.ours.unicast_peers[0] = {*IpAddress::parse("10.0.0.8"), 254, 254, {}};
  other.datagram.time_to_live = 1;
  CHECK(other.check().advert);
}

TEST_CASE("check_unicast_src refuses who is no peer") {
  Packet packet = unicast_packet();
  packet.ours.unicast_peers[0].address = *IpAddress::parse("10.0.0.8");
  CHECK(packet.check().advert);
  packet.ours.check_unicast_source = true;
  const Verdict verdict = packet.check();
  CHECK(verdict.complaint == Complaint::NotAPeer);
  CHECK(verdict.text == "unicast source address 10.0.0.7 not a unicast peer");
}

TEST_CASE("the old unicast checksum is taken, said once, and forgotten when the peer speaks the right one") {
  Packet packet = unicast_packet();
  packet.pdu =
      encode_pdu(packet.advert, ChecksumStyle::PseudoHeader, packet.datagram.source, packet.ours.multicast_group);
  const Verdict first = packet.check();
  CHECK(first.advert);
  CHECK(first.text == "Setting unicast VRRPv3 checksum to old version");
  CHECK_FALSE(packet.check().complaint);
  CHECK(*packet.memory.old_checksum_peer == packet.datagram.source);
  packet.ours.old_unicast_checksum = config::OldUnicastChecksum::Never;
  CHECK(packet.check().complaint == Complaint::WrongChecksum);
  packet.pdu.clear();
  CHECK(packet.check().advert);
  CHECK(packet.memory.old_checksum_peer->is_any());
}

TEST_CASE("an IPv6 advert is read with its long addresses and its pseudo header") {
  Packet packet(3);
  packet.ours.family = Family::IPv6;
  packet.ours.multicast_group = *IpAddress::parse("ff02::12");
  packet.ours.virtual_addresses[0].prefix = *IpPrefix::parse("fe80::9/64");
  packet.advert.addresses = {*IpAddress::parse("fe80::9")};
  packet.datagram.source = *IpAddress::parse("fe80::7");
  packet.datagram.destination = packet.ours.multicast_group;
  const Verdict verdict = packet.check();
  CHECK(verdict.advert);
  packet.pdu[7] ^= 1;
  CHECK(packet.check().complaint == Complaint::WrongChecksum);
}

namespace {

Packet hmac_packet(config::HmacMode mode) {
  Packet packet(3);
  packet.ours.hmac.emplace();
  packet.ours.hmac->mode = mode;
  packet.ours.hmac->active_key = 1;
  packet.ours.hmac->keys = {{1, std::string(32, 'k')}};
  packet.memory.utc = seconds(1'700'000'000);
  return packet;
}

void add_trailer(Packet& packet, HmacMemory& sender, Duration utc) {
  packet.pdu =
      encode_pdu(packet.advert, ChecksumStyle::PseudoHeader, packet.datagram.source, packet.datagram.destination);
  const Bytes trailer = hmac_trailer(*packet.ours.hmac, {packet.datagram.source, 3, 51}, packet.pdu, utc, sender);
  packet.pdu.insert(packet.pdu.end(), trailer.begin(), trailer.end());
  packet.datagram.total_length = 0;
}

}  // namespace

TEST_CASE("auth_hmac: a trailer must be there only when it is enforced, and right whenever it is there") {
  for (const auto mode : {config::HmacMode::Enforce, config::HmacMode::Permissive, config::HmacMode::ReceiveOnly}) {
    Packet without = hmac_packet(mode);
    CHECK(without.check().advert.has_value() == (mode != config::HmacMode::Enforce));
    HmacMemory sender;
    Packet with = hmac_packet(mode);
    add_trailer(with, sender, with.memory.utc);
    CHECK(with.check().advert);
    CHECK(with.check().complaint == Complaint::TrailerReplayed);
    add_trailer(with, sender, with.memory.utc);
    with.pdu.back() ^= 1;
    CHECK(with.check().complaint == Complaint::TrailerWrong);
    add_trailer(with, sender, with.memory.utc);
    with.memory.utc += seconds(6);
    CHECK(with.check().complaint == Complaint::TrailerStale);
    add_trailer(with, sender, with.memory.utc);
    with.pdu.pop_back();
    CHECK(with.check().complaint == Complaint::TrailerMalformed);
    add_trailer(with, sender, with.memory.utc);
    with.ours.hmac->keys[0].id = 2;
    CHECK(with.check().text == "unknown authentication key id 1 from 10.0.0.7");
  }
}

TEST_CASE("a trailer that nobody configured makes the advert too long") {
  HmacMemory sender;
  Packet packet = hmac_packet(config::HmacMode::Enforce);
  add_trailer(packet, sender, packet.memory.utc);
  packet.ours.hmac.reset();
  CHECK(packet.check().complaint == Complaint::WrongLength);
}

TEST_CASE("AH stands there if and only if it is configured") {
  Packet packet;
  packet.ours.authentication = config::Authentication::Ah;
  CHECK(packet.check().complaint == Complaint::AuthenticationTypeMismatch);
}

}  // namespace holdfast::vrrp
