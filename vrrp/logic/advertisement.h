// The bytes of VRRP: a datagram of protocol 112 becomes a Datagram, its payload an Advertisement, and back.
// Nothing else in the program looks at raw bytes of the wire. Every length is checked; what does not fit is an
// enumerator, never a guess. Absent on purpose: any judgement (receive_checks.h) and any knowledge of our own
// configuration.
//
//   version 2 (RFC 3768 §5.1)                         version 3 (RFC 9568 §5.1)
//   |ver|type|  VRID  | priority | count |            |ver|type|  VRID  | priority | count |
//   |auth type | adver int |  checksum   |            |rsvd|   max adver int   |  checksum |
//   | count × address (IPv4)             |            | count × address (4 or 16 octets)   |
//   | 8 octets of authentication data    |
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"
#include "core/base/time.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

inline constexpr std::uint8_t kProtocol = 112;    ///< RFC 9568 §5.1.1.4
inline constexpr std::uint8_t kAhProtocol = 51;   ///< RFC 2402
inline constexpr std::uint8_t kTimeToLive = 255;  ///< RFC 9568 §5.1.1.3
inline constexpr int kTypeAdvertisement = 1;      ///< RFC 9568 §5.2.2
inline constexpr int kOwnerPriority = 255;        ///< RFC 9568 §5.2.4
inline constexpr std::size_t kFixedHeaderOctets = 8;
inline constexpr std::size_t kAuthenticationOctets = 8;  ///< version 2 only
inline constexpr std::size_t kMostAddresses = 255;       ///< Count is one octet

using AuthenticationData = std::array<std::uint8_t, kAuthenticationOctets>;

/// The IP envelope of a PDU. The views are of the bytes that were parsed.
struct Datagram {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::uint8_t time_to_live = 0;
  std::size_t total_length = 0;     ///< as its header says
  std::size_t received_length = 0;  ///< as the socket said
  ByteView ip_header;               ///< IPv4 only
  ByteView authentication_header;   ///< RFC 2402, before the PDU; usually empty
  ByteView pdu;                     ///< at least the eight fixed octets of VRRP, and whatever stands behind them
};

/// Nothing when the IPv4 header is not whole or what follows it is shorter than a VRRP header: nobody can be blamed for
/// that.
std::optional<Datagram> parse_datagram(ByteView bytes);
/// The same for what an IPv6 header had in it. `protocol` is 112: extension headers were the kernel's business.
std::optional<Datagram> datagram_of(const Ipv6Envelope& envelope, ByteView payload);

/// One PDU of either version.
struct Advertisement {
  int version = 2;
  int type = kTypeAdvertisement;
  std::uint8_t virtual_router_id = 0;
  std::uint8_t priority = 0;
  Duration interval = seconds(1);        ///< version 2: 0..255 s; version 3: 0..40.95 s
  std::vector<IpAddress> addresses;      ///< of one family; version 2 knows IPv4 only
  std::uint8_t authentication_type = 0;  ///< version 2 only
  AuthenticationData authentication{};   ///< version 2 only
  bool operator==(const Advertisement&) const = default;
};

/// The fields that stand at the same place in every version. `pdu` has at least eight octets.
struct FixedHeader {
  int version = 0;
  int type = 0;
  std::uint8_t virtual_router_id = 0;
  std::uint8_t priority = 0;
  std::size_t address_count = 0;
};
FixedHeader peek_header(ByteView pdu);

/// Octets that a PDU of this version with that many addresses has.
std::size_t pdu_length(int version, std::size_t address_count, Family family = Family::IPv4);

/// Nothing when the version is neither 2 nor 3 or the length is not exactly pdu_length(). The checksum is not looked
/// at. `family` is that of the datagram.
std::optional<Advertisement> parse_pdu(ByteView pdu, Family family = Family::IPv4);

/// Which bytes the checksum covers: version 2 the PDU (RFC 3768 §5.3.8), version 3 the pseudo header too (RFC 9568
/// §5.2.8), in which 1.3.5 put the multicast group when it spoke unicast (old_checksum.h).
enum class ChecksumStyle : std::uint8_t { Plain, PseudoHeader };

bool checksum_is_right(ByteView pdu, ChecksumStyle style, const IpAddress& source, const IpAddress& destination);

/// The PDU with its checksum. At most 255 addresses; the interval is cut to what the version can say.
Bytes encode_pdu(const Advertisement& advert, ChecksumStyle style, const IpAddress& source,
                 const IpAddress& destination);

}  // namespace holdfast::vrrp
