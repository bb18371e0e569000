#include "core/config/made_interface.h"

#include <algorithm>
#include <charconv>

#include "core/config/block_lines.h"

namespace holdfast::config {

MadeInterface MadeInterface::read(const Node& line) {
  MadeInterface made;
  const bool ipvlan = line.words.front() == "use_ipvlan";
  for (std::size_t at = 1; at < line.words.size(); ++at) {
    const std::string& word = line.words[at];
    const bool has_value = at + 1 < line.words.size();
    if (word == "name" && has_value) {
      made.names.push_back(++at);
    } else if (word == "group" && has_value) {
      ++at;
    } else if (ipvlan && (word == "bridge" || word == "private" || word == "vepa")) {
      made.modes.push_back(at);
    } else if (ipvlan && address_in(word)) {
      made.addresses.push_back(at);
    } else if (!ipvlan && word.find(':') != std::string::npos) {
      made.macs.push_back(at);
    } else if (ipvlan || word != "netlink_notify_msg") {
      made.names.push_back(at);
    }
  }
  return made;
}

std::optional<std::vector<std::uint8_t>> mac_octets(std::string_view text) {
  std::vector<std::uint8_t> octets;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t colon = std::min(text.find(':', from), text.size());
    const std::string_view part = text.substr(from, colon - from);
    std::uint8_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
    if (part.empty() || part.size() > 2 || error != std::errc{} || end != part.data() + part.size())
      return std::nullopt;
    octets.push_back(value);
    from = colon + 1;
  }
  if (octets.size() != 5 && octets.size() != 6) return std::nullopt;
  return octets;
}

}  // namespace holdfast::config
