// Unsolicited neighbour advertisements: what gratuitous ARP is for IPv4 (behaviour.md d.9, RFC 4861 §7.2.6). Called by
// neighbour_socket. Absent: when.
#pragma once

#include "core/base/bytes.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// An Ethernet frame from the address to all nodes (ff02::1): override flag, the router flag if asked for, the hardware
/// address as an option. `frame.address` is IPv6.
Bytes unsolicited_neighbour_advert(const SendGratuitousArp& frame, bool router);

/// Whether the kernel forwards IPv6 on this interface; false when it cannot be known.
bool forwards_ipv6(std::uint32_t interface_index);

}  // namespace holdfast::vrrp
