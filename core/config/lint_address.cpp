#include "core/config/lint_address.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/config/codec.h"

namespace holdfast::config {

namespace {

constexpr int kLongestWithBroadcast = 30;  // bits: a net of two addresses has none for all

class AddressLint {
 public:
  AddressLint(VirtualAddress& entry, const Node& node, Diagnostics& diagnostics)
      : entry_(entry), node_(node), diagnostics_(diagnostics) {}

  bool run() {
    if (!entry_.prefix.address.is_v4()) return check_ipv6();
    if (entry_.details->peer) check_peer();
    check_broadcast();
    return true;
  }

 private:
  Location at(std::string_view option) const {
    const auto found = std::find(node_.words.begin(), node_.words.end(), option);
    return found == node_.words.end() ? node_.at
                                      : location_of(node_, static_cast<std::size_t>(found - node_.words.begin()));
  }
  std::string text() const { return entry_.prefix.address.text(); }

  bool check_ipv6() {
    if (!entry_.details->label.empty()) {
      diagnostics_.error(at("label"), fmt::format("label is not allowed for IPv6 address {}", text()),
                         "an IPv4 address");
      entry_.details.own().label.clear();
    }
    if (entry_.scope || !entry_.details->scope_name.empty()) {
      diagnostics_.warning(at("scope"),
                           fmt::format("scope is not allowed for IPv6 address {} - ignoring scope", text()),
                           "no scope: the kernel knows it of an IPv6 address");
      entry_.scope.reset();
      entry_.details.own().scope_name.clear();
    }
    if (entry_.details->peer) check_peer();
    if (entry_.broadcast_kind == Broadcast::None) return true;
    diagnostics_.error(node_.at, fmt::format("IPv6 address {} cannot have a broadcast address - skipping it", text()),
                       "no broadcast");
    return false;
  }

  /// The prefix is that of the peer.
  void check_peer() {
    if (node_.words.front().find('/') != std::string::npos) {
      diagnostics_.warning(node_.at, fmt::format("{} has a peer, so its own prefix length is ignored", text()),
                           "ADDRESS peer ADDRESS/PREFIX");
      entry_.prefix.length = entry_.prefix.address.max_prefix_length();
    }
    if (entry_.broadcast_kind == Broadcast::None) return;
    diagnostics_.warning(node_.at, fmt::format("{} has a peer and a broadcast address - ignoring broadcast", text()),
                         "one of both");
    entry_.broadcast_kind = Broadcast::None;
  }

  void check_broadcast() {
    const bool computed = entry_.broadcast_kind == Broadcast::AllOnes || entry_.broadcast_kind == Broadcast::AllZeros;
    if (!computed || entry_.prefix.length <= kLongestWithBroadcast) return;
    diagnostics_.warning(
        node_.at,
        fmt::format("a prefix of {} bits is too long for a broadcast address of its net - ignoring broadcast",
                    entry_.prefix.length),
        fmt::format("a prefix length up to {}", kLongestWithBroadcast));
    entry_.broadcast_kind = Broadcast::None;
  }

  VirtualAddress& entry_;
  const Node& node_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool lint_address(VirtualAddress& entry, const Node& node, Diagnostics& diagnostics) {
  return AddressLint(entry, node, diagnostics).run();
}

}  // namespace holdfast::config
