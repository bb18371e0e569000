// Which adverts concern us, as programs for the kernel (classic BPF, SO_ATTACH_FILTER on a raw socket of protocol 112 or 51).
// One is for vrrp's own sockets: what is for others costs us nothing. One is for the ear of a last will: whoever waits at such a
// socket learns that a peer has taken over without ever reading a byte that came from the network. Each is an array of
// sock_filter in the order of this machine's octets. Absent: sockets.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// Lets through adverts (type 1) of this VRID that do not resign (priority 0), multicast ones only with TTL 255
/// (RFC 9568 §7.1).
Bytes takeover_filter(const Listen& where, std::uint8_t virtual_router_id);

/// Lets through what is of one of these VRIDs, right or wrong: what is wrong with it is to be counted and logged. As many
/// instructions for 255 VRIDs as for one.
Bytes vrid_filter(Family family, std::uint8_t protocol, const std::vector<std::uint8_t>& vrids);

}  // namespace holdfast::vrrp
