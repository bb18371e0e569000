// The parts of vrrp/io that only compute.
#include <catch2/catch.hpp>
#include <linux/rtnetlink.h>

#include "core/base/checksum.h"
#include "vrrp/io/address_spec.h"
#include "vrrp/io/ipv4_header.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/neighbour_socket.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

KernelAddress entry(std::string_view prefix) {
  KernelAddress address;
  address.interface_index = 4;
  address.entry.prefix = *IpPrefix::parse(prefix);
  return address;
}

}  // namespace

TEST_CASE("advert_has_the_header_that_the_protocol_demands") {
  const Bytes pdu = {1, 2, 3, 4};
  const Bytes datagram = ipv4_datagram({*IpAddress::parse("10.0.0.1"), *IpAddress::parse("224.0.0.18"), 7}, pdu);
  const Bytes expected = {0x45, 0xc0, 0, 24, 0, 7, 0, 0, 255, 112, 0, 0, 10, 0, 0, 1, 224, 0, 0, 18, 1, 2, 3, 4};
  REQUIRE(datagram.size() == expected.size());
  CHECK(internet_checksum(ByteView(datagram).first(20)) == 0);
  Bytes without_checksum = datagram;
  without_checksum[10] = without_checksum[11] = 0;
  CHECK(without_checksum == expected);
}

TEST_CASE("gratuitous_arp_is_a_broadcast_request_for_our_own_address") {
  const Bytes frame = gratuitous_arp({4, {{2, 0, 0, 0, 0, 1}}, *IpAddress::parse("10.0.0.9")});
  const Bytes expected = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,  0, 0, 0, 0, 1, 8, 6,  // Ethernet
                          0,    1,    8,    0,    6,    4,    0,  1,                    // request
                          2,    0,    0,    0,    0,    1,    10, 0, 0, 9,              // sender
                          0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 10, 0, 0, 9};             // target
  CHECK(frame == expected);
}

TEST_CASE("plain_address_is_global_without_broadcast_label_or_end") {
  const netlink::AddressSpec spec = address_spec(entry("10.0.0.1/24"));
  CHECK(spec.interface_index == 4);
  CHECK(spec.prefix == *IpPrefix::parse("10.0.0.1/24"));
  CHECK(spec.scope == RT_SCOPE_UNIVERSE);
  CHECK_FALSE(spec.broadcast);
  CHECK(spec.flags == 0);
  CHECK(spec.valid_s == netlink::forever_s);
  CHECK(spec.preferred_s == netlink::forever_s);
}

TEST_CASE("broadcast_is_computed_or_taken_as_given") {
  KernelAddress address = entry("10.0.0.77/26");
  address.entry.broadcast_kind = config::Broadcast::AllOnes;
  CHECK(address_spec(address).broadcast == IpAddress::parse("10.0.0.127"));
  address.entry.broadcast_kind = config::Broadcast::AllZeros;
  CHECK(address_spec(address).broadcast == IpAddress::parse("10.0.0.64"));
  address.entry.broadcast_kind = config::Broadcast::Given;
  address.entry.details.own().broadcast = *IpAddress::parse("10.9.9.9");
  CHECK(address_spec(address).broadcast == IpAddress::parse("10.9.9.9"));
  address.entry.prefix.length = 0;
  address.entry.broadcast_kind = config::Broadcast::AllOnes;
  CHECK(address_spec(address).broadcast == IpAddress::parse("255.255.255.255"));
}

TEST_CASE("scope_is_link_for_link_local_addresses_unless_given") {
  CHECK(address_spec(entry("169.254.1.1/16")).scope == RT_SCOPE_LINK);
  KernelAddress address = entry("10.0.0.1/24");
  address.entry.scope = RT_SCOPE_HOST;
  CHECK(address_spec(address).scope == RT_SCOPE_HOST);
}

TEST_CASE("ipv6_addresses_skip_duplicate_address_detection_and_a_single_one_is_deprecated") {
  const netlink::AddressSpec subnet = address_spec(entry("fd00::1/64"));
  CHECK(subnet.flags == 0x02);
  CHECK(subnet.preferred_s == netlink::forever_s);
  KernelAddress single = entry("fd00::1");
  CHECK(address_spec(single).preferred_s == 0);
  single.entry.details.own().preferred_lft_s = UINT32_MAX;
  single.entry.duplicate_address_detection = true;
  single.entry.home = single.entry.mngtmpaddr = single.entry.noprefixroute = single.entry.autojoin = true;
  CHECK(address_spec(single).preferred_s == netlink::forever_s);
  CHECK(address_spec(single).flags == (0x10U | 0x100U | 0x200U | 0x400U));
}

TEST_CASE("lifetime_is_a_second_less_than_promised_since_the_kernel_looks_once_a_second") {
  KernelAddress address = entry("10.0.0.1/24");
  address.valid_lifetime = milliseconds(2500);
  CHECK(address_spec(address).valid_s == 2);
  CHECK(address_spec(address).preferred_s == 2);
  address.entry.details.own().preferred_lft_s = 1;
  CHECK(address_spec(address).preferred_s == 1);
}

TEST_CASE("link_is_up_only_with_a_carrier") {
  netlink::LinkMessage link;
  link.index = 2;
  link.flags = 0x1;
  CHECK_FALSE(link_fact(link).up);
  link.flags = 0x41;
  CHECK(link_fact(link).up);
  link.flags = 0x40;
  CHECK_FALSE(link_fact(link).up);
}
