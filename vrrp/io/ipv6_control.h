// The ancillary data of IPv6 raw sockets: source, interface and hop limit of what is sent, and destination and hop limit of
// what came (RFC 3542 §6). Called by advert_socket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sys/socket.h>

#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

/// Room for both control messages, aligned as they need it.
struct alignas(cmsghdr) Ipv6Control {
  std::array<std::uint8_t, 128> octets{};
};

/// Fills `control` and hangs it on `header`. `interface_index` 0 = wherever the routing table says.
void put_ipv6_control(msghdr& header, Ipv6Control& control, const IpAddress& source, std::uint32_t interface_index,
                      std::uint8_t hop_limit);

/// `source` comes from the message's name. Nothing when destination or hop limit is missing.
std::optional<Ipv6Envelope> ipv6_envelope(msghdr& header, const IpAddress& source);

}  // namespace holdfast::vrrp
