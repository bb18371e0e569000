// The IPv4 header in front of an advert. It is built here because the source address is the instance's choice, not the
// routing table's.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"

namespace holdfast::vrrp {

/// Header and PDU in one: protocol 112, TTL 255, TOS 0xC0, may be fragmented, no options (behaviour.md d.1, RFC 9568 §5.1.1).
/// `identification` must not be 0: the kernel would choose one.
Bytes ipv4_datagram(const IpAddress& source, const IpAddress& destination, std::uint16_t identification, ByteView pdu);

}  // namespace holdfast::vrrp
