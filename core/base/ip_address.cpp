#include "core/base/ip_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>

#include "core/base/assert.h"

namespace holdfast {

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress a;
  for (std::size_t i = 0; i < 4; ++i) a.octets_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return a;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& octets) {
  IpAddress a;
  a.family_ = Family::IPv6;
  a.octets_ = octets;
  return a;
}

std::optional<IpAddress> IpAddress::from_bytes(ByteView octets) {
  if (octets.size() != 4 && octets.size() != 16) return std::nullopt;
  IpAddress a;
  a.family_ = octets.size() == 4 ? Family::IPv4 : Family::IPv6;
  std::ranges::copy(octets, a.octets_.begin());
  return a;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.empty() || text.size() >= buffer.size()) return std::nullopt;
  std::ranges::copy(text, buffer.begin());
  IpAddress a;
  a.family_ = text.find(':') == std::string_view::npos ? Family::IPv4 : Family::IPv6;
  if (inet_pton(a.is_v4() ? AF_INET : AF_INET6, buffer.data(), a.octets_.data()) != 1) return std::nullopt;
  return a;
}

IpAddress IpAddress::any(Family family) {
  IpAddress a;
  a.family_ = family;
  return a;
}

bool IpAddress::is_any() const {
  return std::ranges::all_of(octets_, [](std::uint8_t o) { return o == 0; });
}

bool IpAddress::is_multicast() const {
  return is_v4() ? (octets_[0] & 0xf0) == 0xe0 : octets_[0] == 0xff;
}

bool IpAddress::is_link_local() const {
  if (is_v4()) return octets_[0] == 169 && octets_[1] == 254;
  return octets_[0] == 0xfe && (octets_[1] & 0xc0) == 0x80;
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets_[0] == 127;
  IpAddress one = any(Family::IPv6);
  one.octets_[15] = 1;
  return *this == one;
}

std::uint32_t IpAddress::v4_value() const {
  ASSERT(is_v4());
  return static_cast<std::uint32_t>(octets_[0]) << 24 | static_cast<std::uint32_t>(octets_[1]) << 16 |
         static_cast<std::uint32_t>(octets_[2]) << 8 | octets_[3];
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  return inet_ntop(is_v4() ? AF_INET : AF_INET6, octets_.data(), buffer.data(), buffer.size());
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpPrefix prefix{*address, address->max_prefix_length()};
  if (slash == std::string_view::npos) return prefix;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix.length);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (prefix.length < 0 || prefix.length > address->max_prefix_length()) return std::nullopt;
  return prefix;
}

bool IpPrefix::contains(const IpAddress& other) const {
  if (other.family() != address.family()) return false;
  const ByteView ours = address.bytes();
  const ByteView theirs = other.bytes();
  const auto whole = static_cast<std::size_t>(length / 8);
  if (!std::equal(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(whole), theirs.begin())) return false;
  const int rest = length % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (ours[whole] & mask) == (theirs[whole] & mask);
}

std::string IpPrefix::text() const {
  return address.text() + "/" + std::to_string(length);
}

}  // namespace holdfast
