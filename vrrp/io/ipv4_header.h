// The IPv4 header in front of an advert. It is built here because the source address is the instance's choice, not the
// routing table's.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"

namespace holdfast::vrrp {

struct Ipv4Header {
  IpAddress source;
  IpAddress destination;
  std::uint16_t identification = 1;  ///< not 0: the kernel would choose one
  std::uint8_t time_to_live = 255;
  std::uint8_t protocol = 112;
};

/// Header and PDU in one: TOS 0xC0, may be fragmented, no options (behaviour.md d.1, RFC 9568 §5.1.1).
Bytes ipv4_datagram(const Ipv4Header& header, ByteView pdu);

}  // namespace holdfast::vrrp
