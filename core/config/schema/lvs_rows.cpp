#include "core/config/schema/lvs_rows.h"

#include <algorithm>
#include <array>

namespace holdfast::config {

namespace {

constexpr std::array<std::string_view, 3> kMethods{"NAT", "DR", "TUN"};
constexpr std::array<std::string_view, 3> kTunnels{"ipip", "gue", "gre"};
constexpr std::array<std::string_view, 3> kChecksums{"nocsum", "csum", "remcsum"};

template <class E>
std::optional<E> find_word(const std::array<std::string_view, 3>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<E>(found - words.begin());
}

/// One option of TUN and its value; `at` is moved to its last word. False when it was reported.
bool read_tunnel_option(const Node& node, std::size_t& at, ForwardingMethod& method, Diagnostics& diagnostics) {
  const std::string& word = node.words[at];
  if (const auto checksum = find_word<TunnelChecksum>(kChecksums, word)) {
    method.tunnel_checksum = *checksum;
    return true;
  }
  if (word == "port") {
    const auto port = parse_integer(node, ++at, 1, 65535, diagnostics);
    if (port) method.tunnel_port = static_cast<std::uint16_t>(*port);
    return port.has_value();
  }
  if (word != "type") {
    diagnostics.error(location_of(node, at), fmt::format("Invalid tunnel option {} for virtual server.", word),
                      "type, port, nocsum, csum or remcsum");
    return false;
  }
  const std::string* type = mandatory_word(node, ++at, "ipip, gue or gre", diagnostics);
  if (type == nullptr) return false;
  const auto known = find_word<TunnelType>(kTunnels, *type);
  if (known) {
    method.tunnel_type = *known;
  } else {
    diagnostics.error(location_of(node, at), fmt::format("Unknown tunnel type {} for virtual server.", *type),
                      "ipip, gue or gre");
  }
  return known.has_value();
}

/// What does not go together (ip_vs knows a port only for gue, no remote checksum for gre, none at all for ipip).
std::string_view tunnel_conflict(const ForwardingMethod& method) {
  if ((method.tunnel_type == TunnelType::Gue) != (method.tunnel_port != 0)) {
    return "gue tunnels require port, otherwise cannot have port.";
  }
  if (method.tunnel_type == TunnelType::Ipip && method.tunnel_checksum != TunnelChecksum::None) {
    return "ipip tunnels do not support checksum option.";
  }
  if (method.tunnel_type == TunnelType::Gre && method.tunnel_checksum == TunnelChecksum::Remote) {
    return "gre tunnels do not support remote checksum option.";
  }
  return {};
}

}  // namespace

std::optional<IpAddress> ServerAddress::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
  if (word == nullptr) return std::nullopt;
  remark_surplus(node, 2, diagnostics);
  const std::optional<IpAddress> address = IpAddress::parse(*word);
  if (!address) {
    diagnostics.error(location_of(node, 1), fmt::format("Invalid {} address {} - ignoring", node.words.front(), *word),
                      describe());
  }
  return address;
}

std::optional<std::string> Text::parse(const Node& node, Diagnostics& diagnostics) const {
  if (node.words.size() < 2) {
    diagnostics.error(node.at, fmt::format("{} missing", what), describe());
    return std::nullopt;
  }
  remark_surplus(node, 2, diagnostics);
  return node.words[1];
}

std::optional<ForwardingMethod> Forwards::parse(const Node& node, Diagnostics& diagnostics) const {
  const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
  if (word == nullptr) return std::nullopt;
  const auto kind = find_word<Forwarding>(kMethods, *word);
  if (!kind) {
    diagnostics.error(location_of(node, 1),
                      fmt::format("PARSER : unknown [{}] routing method for virtual server.", *word), describe(),
                      std::string(nearest(*word, {kMethods.begin(), kMethods.end()})));
    return std::nullopt;
  }
  ForwardingMethod method;
  method.kind = *kind;
  if (*kind != Forwarding::Tunnel) {
    remark_surplus(node, 2, diagnostics);
    return method;
  }
  for (std::size_t at = 2; at < node.words.size(); ++at) {
    if (!read_tunnel_option(node, at, method, diagnostics)) return std::nullopt;
  }
  const std::string_view conflict = tunnel_conflict(method);
  if (conflict.empty()) return method;
  diagnostics.error(location_of(node, 1), std::string(conflict), describe());
  return std::nullopt;
}

std::vector<std::string> Forwards::format(const ForwardingMethod& value) const {
  std::vector<std::string> words{std::string(kMethods[static_cast<std::size_t>(value.kind)])};
  if (value.kind != Forwarding::Tunnel) return words;
  words.insert(words.end(), {"type", std::string(kTunnels[static_cast<std::size_t>(value.tunnel_type)])});
  if (value.tunnel_port != 0) words.insert(words.end(), {"port", std::to_string(value.tunnel_port)});
  if (value.tunnel_type != TunnelType::Ipip) {
    words.emplace_back(kChecksums[static_cast<std::size_t>(value.tunnel_checksum)]);
  }
  return words;
}

}  // namespace holdfast::config
