#include "vrrp/logic/advert_builder.h"

#include <catch2/catch.hpp>

#include "vrrp/logic/authentication.h"

namespace holdfast::vrrp {

namespace {

config::VrrpInstance instance() {
  config::VrrpInstance i;
  i.name = "V";
  i.virtual_router_id = 51;
  i.advert_interval = seconds(2);
  i.virtual_addresses.push_back({});
  i.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
  return i;
}

const IpAddress kSource = *IpAddress::parse("10.0.0.1");

}  // namespace

TEST_CASE("an advert carries the instance's VRID, interval, addresses and the priority it is given") {
  const Advertisement advert = advertisement_of(instance(), 130);
  CHECK(advert.version == 2);
  CHECK(advert.virtual_router_id == 51);
  CHECK(advert.priority == 130);
  CHECK(advert.interval == seconds(2));
  CHECK(advert.authentication_type == 0);
  CHECK(advert.addresses == std::vector<IpAddress>{*IpAddress::parse("192.0.2.9")});
}

TEST_CASE("an advert tells no excluded and no IPv6 address") {
  config::VrrpInstance i = instance();
  i.excluded_addresses = i.virtual_addresses;
  i.virtual_addresses.push_back({});
  i.virtual_addresses[1].prefix = *IpPrefix::parse("2001:db8::9/64");
  CHECK(advertisement_of(i, 100).addresses.size() == 1);
}

TEST_CASE("an advert has room for 255 addresses") {
  config::VrrpInstance i = instance();
  i.virtual_addresses.resize(300, i.virtual_addresses[0]);
  CHECK(advertisement_of(i, 100).addresses.size() == kMostAddresses);
}

TEST_CASE("the password travels only with auth_type PASS") {
  config::VrrpInstance i = instance();
  i.auth_pass = "1111";
  CHECK(advertisement_of(i, 100).authentication == AuthenticationData{});
  i.authentication = config::Authentication::Pass;
  CHECK(advertisement_of(i, 100).authentication_type == 1);
  CHECK(advertisement_of(i, 100).authentication == authentication_data("1111"));
}

TEST_CASE("only version 3 sums the pseudo header, unless it is told to do as version 2") {
  config::VrrpInstance i = instance();
  CHECK(checksum_style(i) == ChecksumStyle::Plain);
  i.version = 3;
  CHECK(checksum_style(i) == ChecksumStyle::PseudoHeader);
  i.v3_checksum_as_v2 = true;
  CHECK(checksum_style(i) == ChecksumStyle::Plain);
}

TEST_CASE("the datagram goes from the source to the instance's group with a right checksum") {
  config::VrrpInstance i = instance();
  i.version = 3;
  i.multicast_group = *IpAddress::parse("224.0.0.99");
  WireMemory memory;
  const SendAdvert send = send_adverts(i, 0, 7, kSource, memory).at(0);
  CHECK(send.interface_index == 7);
  CHECK(send.source == kSource);
  CHECK(send.destination == i.multicast_group);
  CHECK(checksum_is_right(send.pdu, ChecksumStyle::PseudoHeader, kSource, i.multicast_group));
  CHECK(parse_pdu(send.pdu) == advertisement_of(i, 0));
}

TEST_CASE("unicast sends to each peer, with the TTL that is configured") {
  config::VrrpInstance i = instance();
  i.version = 3;
  for (const char* peer : {"10.0.0.2", "10.0.0.3"}) i.unicast_peers.push_back({*IpAddress::parse(peer), {}, {}, {}});
  i.unicast_ttl = std::uint8_t{9};
  WireMemory memory;
  const auto sends = send_adverts(i, 100, 7, kSource, memory);
  REQUIRE(sends.size() == 2);
  for (std::size_t at = 0; at < 2; ++at) {
    CHECK(sends[at].destination == i.unicast_peers[at].address);
    CHECK(sends[at].time_to_live == 9);
    CHECK(checksum_is_right(sends[at].pdu, ChecksumStyle::PseudoHeader, kSource, sends[at].destination));
  }
}

TEST_CASE("nothing is sent to ourselves, so that every host may have the same list of peers") {
  config::VrrpInstance i = instance();
  i.unicast_peers.push_back({kSource, {}, {}, {}});
  i.unicast_peers.push_back({*IpAddress::parse("10.0.0.77"), {}, {}, {}});
  WireMemory memory;
  CHECK(send_adverts(i, 100, 7, kSource, memory).size() == 1);
}

TEST_CASE("an old peer makes us speak the old checksum, if it may") {
  config::VrrpInstance i = instance();
  i.version = 3;
  i.unicast_peers.push_back({*IpAddress::parse("10.0.0.2"), {}, {}, {}});
  const auto old = [&](WireMemory memory) {
    const SendAdvert send = send_adverts(i, 100, 7, kSource, memory).at(0);
    return checksum_is_right(send.pdu, ChecksumStyle::PseudoHeader, kSource, i.multicast_group);
  };
  WireMemory heard;
  heard.old_checksum_peer = i.unicast_peers[0].address;
  CHECK_FALSE(old({}));
  CHECK(old(heard));
  i.old_unicast_checksum = config::OldUnicastChecksum::Never;
  CHECK_FALSE(old(heard));
  i.old_unicast_checksum = config::OldUnicastChecksum::Always;
  CHECK(old({}));
}

}  // namespace holdfast::vrrp
