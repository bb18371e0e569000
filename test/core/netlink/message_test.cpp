#include "core/netlink/message.h"

#include <catch2/catch.hpp>
#include <string_view>

// The bytes were recorded on Linux 6.1 (x86-64, little-endian) while "ip address add" and "ip link" did what the names say.
using namespace holdfast;
using namespace holdfast::netlink;

namespace {

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(const Bytes& bytes) {
  std::string hex;
  for (const std::uint8_t octet : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[octet >> 4];
    hex += digits[octet & 15];
  }
  return hex;
}

template <class T>
T only(std::string_view hex) {
  const Bytes bytes = from_hex(hex);
  const ReceivedBatch batch = parse(bytes);
  REQUIRE(batch.malformed == 0);
  REQUIRE(batch.messages.size() == 1);
  REQUIRE(std::holds_alternative<T>(batch.messages[0].body));
  return std::get<T>(batch.messages[0].body);
}

IpAddress address(std::string_view text) {
  return *IpAddress::parse(text);
}

constexpr std::string_view vip_added =
    "5c00000014000000e3ae036b6f3a0000021880000300000008000100ac1208e708000200ac1208e708000400ac1208ff0d00030064756d6d79"
    "303a31"
    "00000000080008008000000014000600ffffffffffffffff94fd030094fd0300";
constexpr std::string_view secondary_removed =
    "5000000015000000e3ae036b773a0000021881000300000008000100ac1208e808000200ac1208e80b00030064756d6d793000000800080081"
    "0000001400"
    "0600ffffffffffffffff9efd03009efd0300";
constexpr std::string_view peer_added =
    "5000000014000000e3ae036b733a0000021e800003000000080001000a000002080002000a0000010b00030064756d6d793000000800080080"
    "000000"
    "14000600ffffffffffffffffa9fd0300a9fd0300";
constexpr std::string_view v6_added =
    "480000001400000000000000000000000a4082000300000014000100fd00000000000000000000000000000114000600ffffffffffffffffb4"
    "fd0300"
    "b4fd03000800080082000000";
constexpr std::string_view link_up =
    "400000001000000000000000000000000000010003000000431001000000000"
    "00b00030064756d6d7930000008000400dc0500000a0001000200000000010000";
constexpr std::string_view link_deleted =
    "340000001100000000000000000000000000010003000000021000"
    "00ffffffff0b00030064756d6d7930000008000400dc050000";

}  // namespace

TEST_CASE("address_with_label_is_read") {
  AddressMessage expected;
  expected.interface_index = 3;
  expected.prefix = *IpPrefix::parse("172.18.8.231/24");
  expected.flags = 0x80;
  expected.label = "dummy0:1";
  CHECK(only<AddressMessage>(vip_added) == expected);
}

TEST_CASE("removed_secondary_address_is_read") {
  const auto message = only<AddressMessage>(secondary_removed);
  CHECK(message.removed);
  CHECK(message.flags == 0x81);
  CHECK(message.prefix == *IpPrefix::parse("172.18.8.232/24"));
}

TEST_CASE("local_address_and_peer_are_told_apart") {
  const auto message = only<AddressMessage>(peer_added);
  CHECK(message.prefix == *IpPrefix::parse("10.0.0.1/30"));
  CHECK(message.peer == address("10.0.0.2"));
}

TEST_CASE("ipv6_address_without_a_local_attribute_is_read") {
  const auto message = only<AddressMessage>(v6_added);
  CHECK(message.prefix == *IpPrefix::parse("fd00::1/64"));
  CHECK_FALSE(message.peer);
  CHECK(message.flags == 0x82);
}

TEST_CASE("link_is_read") {
  const LinkMessage expected{false, 3, "dummy0", 0x11043, false, {{2, 0, 0, 0, 0, 1}}, 1500, {}};
  CHECK(only<LinkMessage>(link_up) == expected);
}

TEST_CASE("removed_link_is_read_even_without_a_mac") {
  const auto message = only<LinkMessage>(link_deleted);
  CHECK(message.removed);
  CHECK(message.index == 3);
  CHECK(message.mac == MacAddress{});
}

TEST_CASE("bridge_port_that_left_its_bridge_is_no_removed_link") {
  Bytes bytes = from_hex(link_deleted);
  bytes[16] = 7;  // ifi_family AF_BRIDGE
  const ReceivedBatch batch = parse(bytes);
  REQUIRE(batch.messages.size() == 1);
  CHECK(std::holds_alternative<OtherMessage>(batch.messages[0].body));
}

TEST_CASE("refusal_and_consent_are_read_with_their_sequence") {
  // struct nlmsgerr: -EEXIST for sequence 9; 0 for sequence 10
  const Bytes bytes = from_hex(
      "240000000200000009000000010000"
      "00efffffff3000000014000505090000000100000024000000020000000a00000001000000000000003000000014000505"
      "0a00000001000000");
  const ReceivedBatch batch = parse(bytes);
  REQUIRE(batch.messages.size() == 2);
  CHECK(batch.messages[0].sequence == 9);
  CHECK(std::get<Acknowledgement>(batch.messages[0].body).error == EEXIST);
  CHECK(batch.messages[1].sequence == 10);
  CHECK(std::get<Acknowledgement>(batch.messages[1].body).error == 0);
}

TEST_CASE("end_of_dump_is_read_and_an_interrupted_one_is_marked") {
  CHECK(only<DumpEnd>("1400000003001200070000000100000000000000").error == 0);
  const ReceivedBatch batch = parse(from_hex("1400000003001200070000000100000000000000"));
  CHECK(batch.messages[0].interrupted);
  CHECK_FALSE(parse(from_hex("1400000003000200070000000100000000000000")).messages[0].interrupted);
}

TEST_CASE("every_truncation_of_a_message_is_dropped_without_harm") {
  for (const std::string_view recorded : {vip_added, peer_added, v6_added, link_up, link_deleted}) {
    const Bytes whole = from_hex(recorded);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      CHECK(parse(cut).messages.empty());
    }
  }
}

TEST_CASE("every_changed_octet_of_a_message_is_survived") {
  for (const std::string_view recorded : {vip_added, peer_added, v6_added, link_up}) {
    for (std::size_t at = 0; at < recorded.size() / 2; ++at) {
      for (const int value : {0, 1, 4, 0x7f, 0x80, 0xff}) {
        Bytes changed = from_hex(recorded);
        changed[at] = static_cast<std::uint8_t>(value);
        const ReceivedBatch batch = parse(changed);
        CHECK(batch.messages.size() + batch.malformed >= 1);
      }
    }
  }
}

TEST_CASE("prefix_longer_than_its_family_is_malformed") {
  Bytes bytes = from_hex(vip_added);
  bytes[17] = 33;
  CHECK(parse(bytes).malformed == 1);
}

TEST_CASE("request_to_add_an_address_has_these_bytes") {
  AddressSpec spec;
  spec.interface_index = 3;
  spec.prefix = *IpPrefix::parse("172.18.8.231/24");
  spec.broadcast = address("172.18.8.255");
  spec.label = "dummy0:1";
  spec.protocol = 18;
  CHECK(to_hex(add_address(spec, 5)) ==
        "480000001400050505000000000000000218000003000000"
        "08000200ac1208e708000100ac1208e708000400ac1208ff0d00030064756d6d79303a310000000005000b0012000000");
}

TEST_CASE("request_with_lifetimes_and_high_flags_carries_them") {
  AddressSpec spec;
  spec.interface_index = 3;
  spec.prefix = *IpPrefix::parse("10.0.0.1/32");
  spec.flags = 0x200;
  spec.valid_s = 10;
  spec.preferred_s = 9;
  CHECK(to_hex(add_address(spec, 1))
            .ends_with("0800080000020000"
                       "14000600090000000a0000000000000000000000"));
}

TEST_CASE("request_with_a_peer_uses_the_prefix_length_of_the_peer") {
  AddressSpec spec;
  spec.interface_index = 3;
  spec.prefix = *IpPrefix::parse("10.0.0.1");
  spec.peer = IpPrefix::parse("10.0.0.2/30");
  CHECK(to_hex(remove_address(spec, 1))
            .ends_with("021e000003000000"
                       "080002000a000001080001000a000002"));
}
