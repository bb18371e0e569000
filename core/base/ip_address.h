// IPv4 and IPv6 addresses and prefixes as values.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace holdfast {

enum class Family : std::uint8_t { IPv4, IPv6 };

class IpAddress {
 public:
  /// 0.0.0.0, which stands for "none" (`is_any()`).
  IpAddress() = default;
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v6(const std::array<std::uint8_t, 16>& octets);
  /// 4 or 16 octets in network order; nothing for any other length.
  static std::optional<IpAddress> from_bytes(ByteView octets);
  /// Dotted quad or IPv6 text, no prefix, no zone; nothing when it is neither.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress any(Family family);

  Family family() const { return family_; }
  bool is_v4() const { return family_ == Family::IPv4; }
  bool is_any() const;
  bool is_multicast() const;
  bool is_link_local() const;
  bool is_loopback() const;
  /// Network order; 4 or 16 octets.
  ByteView bytes() const { return {octets_.data(), is_v4() ? 4U : 16U}; }
  /// Host order; only for IPv4.
  std::uint32_t v4_value() const;
  std::string text() const;
  /// 32 or 128.
  int max_prefix_length() const { return is_v4() ? 32 : 128; }

  /// Numeric order inside a family (RFC 9568 §6.4.3 compares addresses as unsigned integers); IPv4 before IPv6.
  auto operator<=>(const IpAddress&) const = default;

 private:
  Family family_ = Family::IPv4;
  std::array<std::uint8_t, 16> octets_{};
};

struct IpPrefix {
  IpAddress address;
  int length = 32;

  /// "A" (32 or 128) or "A/N".
  static std::optional<IpPrefix> parse(std::string_view text);
  bool contains(const IpAddress& other) const;
  std::string text() const;
  auto operator<=>(const IpPrefix&) const = default;
};

}  // namespace holdfast
