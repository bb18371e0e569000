#include "checker/logic/probes/udp.h"

#include <algorithm>

namespace holdfast::checker {

std::optional<Verdict> UdpConversation::on_datagram(std::string_view octets) {
  if (!check_.require_reply) return Verdict{};
  if (octets.size() < check_.min_reply_length || octets.size() > check_.max_reply_length) {
    return Verdict{Failure::UdpLength, std::to_string(octets.size()) + " octets"};
  }
  if (!agrees(octets)) return Verdict{Failure::UdpMismatch, {}};
  return Verdict{};
}

bool UdpConversation::agrees(std::string_view octets) const {
  const std::size_t compared = std::min(octets.size(), check_.expected_reply.size());
  for (std::size_t i = 0; i < compared; ++i) {
    const auto [octet, mask] = check_.expected_reply[i];
    if (((static_cast<std::uint8_t>(octets[i]) ^ octet) & mask) != 0) return false;
  }
  return true;
}

Verdict UdpConversation::on_timeout() const {
  if (check_.require_reply) return {Failure::ReadTimeout, "no answer"};
  return {};
}

}  // namespace holdfast::checker
