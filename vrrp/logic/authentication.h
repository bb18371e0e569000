// Version 2's simple password (RFC 2338 §5.3.6; RFC 3768 took it away, the field stayed and keepalived still fills it).
// It keeps misconfigured routers apart and stops nobody who can read the wire. Absent: AH.
#pragma once

#include <string_view>

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/advertisement.h"

namespace holdfast::vrrp {

/// The password as it travels: cut to eight octets, padded with zeros.
AuthenticationData authentication_data(std::string_view password);

enum class AuthenticationVerdict : std::uint8_t { Accepted, UnknownType, TypeMismatch, WrongPassword };

/// Judges the authentication of a version 2 advert. The comparison takes the same time wherever the texts differ.
AuthenticationVerdict check_authentication(const Advertisement& advert, config::Authentication ours,
                                           std::string_view password);

}  // namespace holdfast::vrrp
