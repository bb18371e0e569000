// auth_hmac of keepalived 2.4: 28 octets behind the PDU that prove who made it and when (behaviour.md d.7). Called by
// advert_builder and receive_checks. Absent: any clock; "now" is UTC as the caller knows it.
//
//   | type 1 | key id | reserved 0 | UTC seconds (32) | 1/65536 s (16) | counter (16) | 16 octets of HMAC-SHA256 |
//
// The HMAC covers family, version, VRID, zero and the source address (20 octets), the PDU with its checksum zero, and the
// trailer with the HMAC zero. A stamp is newer than another when (seconds, fraction, counter) is greater; each sender's
// last one is remembered. Our own stamps only grow, whatever the clock of this host does.
//
// Modes: receive-only sends no trailer, permissive does; both take adverts without one. Enforce refuses those. A trailer that
// is there and wrong is refused in every mode.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "core/config/schema/vrrp_transport.h"

namespace holdfast::vrrp {

inline constexpr std::size_t kTrailerOctets = 28;

struct HmacStamp {
  std::uint32_t seconds = 0;
  std::uint16_t fraction = 0;
  std::uint16_t counter = 0;
  auto operator<=>(const HmacStamp&) const = default;
};

struct HmacMemory {
  static constexpr std::size_t kMostSenders = 4;  ///< with multicast; with unicast one for each peer, at least these
  HmacStamp sent;
  std::map<IpAddress, HmacStamp> heard;
};

/// Whose PDU it is: what the pseudo header says.
struct HmacSubject {
  IpAddress source;
  int version = 3;
  std::uint8_t virtual_router_id = 0;
};

/// The trailer for this PDU, stamped later than any before. `utc` since 1970.
Bytes hmac_trailer(const config::AuthHmac& settings, const HmacSubject& subject, ByteView pdu, Duration utc,
                   HmacMemory& memory);

enum class TrailerVerdict : std::uint8_t { Authentic, Malformed, UnknownKey, WrongHmac, Stale, Replayed };

struct TrailerCheck {
  Duration utc{};
  Duration advert_interval{};
  std::size_t most_senders = HmacMemory::kMostSenders;
};
/// What is authentic is remembered.
TrailerVerdict check_trailer(const config::AuthHmac& settings, const HmacSubject& subject, ByteView pdu,
                             ByteView trailer, const TrailerCheck& check, HmacMemory& memory);

/// time_window, else three adverts and at least five seconds, at most 300.
Duration time_window(const config::AuthHmac& settings, Duration advert_interval);

}  // namespace holdfast::vrrp
