// PING_CHECK's datagrams: ICMP and ICMPv6 echo (RFC 792, RFC 4443 §4). The payload begins with a random token, by which
// checker/io/echo_socket finds whose answer it is: identifier and sequence alone are too few bits for a socket that hears all
// echo replies of the host. keepalived uses the kernel's ping sockets instead, for which it must open ping_group_range.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ip_address.h"

namespace holdfast::checker {

struct EchoKey {
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
  std::uint64_t token = 0;
  bool operator==(const EchoKey&) const = default;
};

/// 64 octets, as ping(8) sends. The checksum of ICMPv6 is the kernel's.
std::string echo_request(Family family, const EchoKey& key);

/// `octets` as a raw socket gives them: with the IPv4 header, without the IPv6 header. Nothing when it is no echo reply that
/// could be ours.
std::optional<EchoKey> parse_echo_reply(Family family, std::string_view octets);

}  // namespace holdfast::checker
