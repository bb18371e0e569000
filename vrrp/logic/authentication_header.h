// Version 2 with auth_type AH (RFC 2338 §5.3.6.3): an authentication header of RFC 2402 between the IPv4 header and the
// PDU, HMAC-MD5-96 (RFC 2403) over everything that routers on the way do not change. Called by advert_builder and
// receive_checks. Absent: IPv6, and any key negotiation; the password is the key.
//
// As seen of keepalived 2.2.7: the SPI is the source address, and the TTL is hashed as it was sent, against RFC 2402. We send
// that, and take a TTL hashed as received, as 255 or as zero, and the VRID as SPI (behaviour.md d.6).
//
// Sequence numbers: keepalived has one counter for what an instance sends and hears, so a router of lower numbers is not
// heard. We remember the numbers of each sender, and number our own above everything heard, with a step to spare, and not
// below the seconds since 1970: a router that starts anew is heard though its peers remember it. One advert has one number,
// to however many peers it goes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "core/base/ip_address.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

struct AhMemory {
  static constexpr std::size_t kMostSenders = 16;
  std::uint32_t sent = 0;                    ///< the last number that we used
  std::map<IpAddress, std::uint32_t> heard;  ///< → the highest number of an authentic packet
};

/// The number of the next advert. `utc` since 1970.
std::uint32_t next_number(AhMemory& memory, Duration utc);

/// Puts the header in front of the PDU of `advert`, with this number, and an identification.
void put_authentication_header(SendAdvert& advert, std::string_view password, std::uint32_t number);

enum class AhVerdict : std::uint8_t { Authentic, WrongSpi, Replayed, WrongDigest };

/// `datagram` has an authentication header. What is authentic is remembered.
AhVerdict check_authentication_header(const Datagram& datagram, std::uint8_t virtual_router_id,
                                      std::string_view password, AhMemory& memory);

}  // namespace holdfast::vrrp
