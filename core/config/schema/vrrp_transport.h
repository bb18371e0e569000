// How the adverts of a vrrp_instance travel and what proves them, beside the multicast group: unicast peers, the checksum
// that old releases used towards them, and auth_hmac. Values of vrrp_instance.h; read by schema/vrrp_transport.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "core/config/node.h"

namespace holdfast::config {

/// A line of unicast_peer. A limit that is unset is not checked.
struct UnicastPeer {
  IpAddress address;
  std::optional<int> min_ttl, max_ttl;  ///< 0..255, of the adverts that come from it
  Location at;
  bool operator==(const UnicastPeer&) const = default;
};

/// old_unicast_checksum: 1.3.5 computed the version 3 checksum of unicast adverts with the multicast group in the pseudo
/// header.
enum class OldUnicastChecksum : std::uint8_t { Detect, Always, Never };

/// auth_hmac (keepalived 2.4): a trailer behind the PDU, HMAC-SHA256 cut to 16 octets (behaviour.md d.7).
inline constexpr std::size_t kShortestHmacKey = 32;
inline constexpr std::size_t kLongestHmacKey = 64;
enum class HmacMode : std::uint8_t { Enforce, Permissive, ReceiveOnly };
struct HmacKey {
  std::uint8_t id = 0;  ///< 1..255
  std::string octets;   ///< 32..64
  bool operator==(const HmacKey&) const = default;
};
struct AuthHmac {
  std::vector<HmacKey> keys;            ///< of different ids
  std::uint8_t active_key = 0;          ///< id of the key that we send with
  std::optional<Duration> time_window;  ///< 1..300 s; unset = of the advert interval
  bool monotonic = false;               ///< anti_replay: only that the counter grows, not how old it is
  HmacMode mode = HmacMode::Enforce;
  bool operator==(const AuthHmac&) const = default;
};

}  // namespace holdfast::config
