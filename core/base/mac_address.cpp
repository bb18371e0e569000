#include "core/base/mac_address.h"

#include <charconv>
#include <fmt/format.h>

namespace holdfast {

MacAddress MacAddress::virtual_router(Family family, std::uint8_t vrid) {
  const std::uint8_t kind = family == Family::IPv4 ? 1 : 2;
  return {{0x00, 0x00, 0x5e, 0x00, kind, vrid}};
}

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  MacAddress mac;
  for (std::size_t i = 0; i < mac.octets.size(); ++i) {
    const std::size_t colon = text.find(':');
    const std::string_view digits = text.substr(0, colon);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), mac.octets[i], 16);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    const bool last = i + 1 == mac.octets.size();
    if (last != (colon == std::string_view::npos)) return std::nullopt;
    text.remove_prefix(last ? text.size() : colon + 1);
  }
  return mac;
}

std::string MacAddress::text() const {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", octets[0], octets[1], octets[2], octets[3], octets[4],
                     octets[5]);
}

}  // namespace holdfast
