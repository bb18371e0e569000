// Words of routes and rules as numbers: what routing_lines.cpp and rule_lines.cpp share.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "core/base/routing.h"
#include "core/config/route_names.h"
#include "core/config/schema/route_values.h"

namespace holdfast::config {

inline constexpr std::uint64_t kMostRoutingNumber = 0xffffffff;

/// A number, or a name that iproute2 knows without its files.
inline std::optional<std::uint32_t> number_in(const std::string& word, NameTable table) {
  if (const auto number = small_number(word, kMostRoutingNumber)) return static_cast<std::uint32_t>(*number);
  return builtin_route_name(table, word);
}

/// [SOURCE/]DESTINATION
inline std::optional<std::uint32_t> realms_in(const std::string& word) {
  const std::size_t slash = word.find('/');
  const auto last = number_in(slash == std::string::npos ? word : word.substr(slash + 1), NameTable::Realms);
  if (slash == std::string::npos || !last) return last;
  const auto first = number_in(word.substr(0, slash), NameTable::Realms);
  return first ? std::optional(*first << 16 | *last) : std::nullopt;
}

inline IpPrefix network_of(const IpPrefix& prefix) {
  Bytes octets(prefix.address.bytes().begin(), prefix.address.bytes().end());
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const int bits = std::clamp(prefix.length - static_cast<int>(i) * 8, 0, 8);
    octets[i] = static_cast<std::uint8_t>(octets[i] & (0xff00 >> bits));
  }
  return {*IpAddress::from_bytes(octets), prefix.length};
}

}  // namespace holdfast::config
