// Bytes and hexadecimal text, and netlink messages that claim to come from the kernel.
#pragma once

#include <catch2/catch.hpp>
#include <linux/netlink.h>
#include <string>
#include <string_view>

#include "core/netlink/generic.h"

namespace holdfast::test {

inline std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t octet : bytes) {
    hex += digits[octet >> 4];
    hex += digits[octet & 15];
  }
  return hex;
}

inline Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

/// What stands behind the netlink header of the only message.
inline std::string payload_hex(const Bytes& message) {
  REQUIRE(message.size() >= NLMSG_HDRLEN);
  return to_hex(ByteView(message).subspan(NLMSG_HDRLEN));
}

/// A message of the family 0x20 with this payload.
inline Bytes message_with(const Bytes& payload) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_HDRLEN + payload.size());
  header.nlmsg_type = 0x20;
  header.nlmsg_flags = NLM_F_MULTI;
  header.nlmsg_seq = 3;
  const auto* first = reinterpret_cast<const std::uint8_t*>(&header);
  Bytes message(first, first + sizeof header);
  message.insert(message.end(), payload.begin(), payload.end());
  return message;
}

/// The only answer in a datagram, which must outlive it.
inline netlink::GenericAnswer answer_in(const Bytes& datagram) {
  const netlink::GenericBatch batch = netlink::parse_generic(datagram);
  REQUIRE(batch.malformed == 0);
  REQUIRE(batch.messages.size() == 1);
  REQUIRE(std::holds_alternative<netlink::GenericAnswer>(batch.messages[0].body));
  return std::get<netlink::GenericAnswer>(batch.messages[0].body);
}

}  // namespace holdfast::test
