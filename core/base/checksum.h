// The Internet checksum (RFC 1071), over a buffer and over a buffer with its pseudo header.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"

namespace holdfast {

/// Checksum of the bytes, ready to be stored big-endian; 0 for bytes that already hold a right checksum.
std::uint16_t internet_checksum(ByteView bytes);

/// The same with the pseudo header of IPv4 (RFC 9568 §5.2.8) or IPv6 (RFC 8200 §8.1) in front. Both addresses are of one family.
std::uint16_t internet_checksum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                ByteView bytes);

}  // namespace holdfast
