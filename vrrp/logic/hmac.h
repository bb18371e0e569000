// The two keyed hashes of VRRP's authentications (RFC 2104 over MD5 and SHA-256), by libcrypto. Called by
// authentication_header and hmac_trailer. Absent: keys and what is hashed.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.h"

namespace holdfast::vrrp {

std::array<std::uint8_t, 16> hmac_md5(ByteView key, ByteView text);
std::array<std::uint8_t, 32> hmac_sha256(ByteView key, ByteView text);

/// The first use reads libcrypto's configuration: to be had before the first advert is due.
void warm_up_hashes();

/// Takes the same time wherever they differ.
bool same_digest(ByteView a, ByteView b);

}  // namespace holdfast::vrrp
