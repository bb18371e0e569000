// Ethernet addresses.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ip_address.h"

namespace holdfast {

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  static constexpr MacAddress broadcast() { return {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}; }
  /// The virtual router's own address: 00-00-5E-00-01-VRID for IPv4, …-02-VRID for IPv6 (RFC 9568 §7.3).
  static MacAddress virtual_router(Family family, std::uint8_t vrid);
  /// Six hexadecimal octets separated by ':'.
  static std::optional<MacAddress> parse(std::string_view text);
  std::string text() const;
  auto operator<=>(const MacAddress&) const = default;
};

}  // namespace holdfast
