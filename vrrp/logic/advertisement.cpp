#include "vrrp/logic/advertisement.h"

#include <algorithm>

#include "core/base/assert.h"
#include "core/base/checksum.h"

namespace holdfast::vrrp {

namespace {

constexpr std::size_t kLeastIpHeaderOctets = 20;
constexpr std::size_t kChecksumOffset = 6;
constexpr std::size_t kAhOctets = 24;  // with the 96 bits of HMAC-MD5-96, RFC 2403
constexpr std::uint8_t kAhWordsLess2 = kAhOctets / 4 - 2;
constexpr std::uint16_t kIntervalMask = 0x0fff;

std::uint16_t interval_field(const Advertisement& advert) {
  if (advert.version == 3) {
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(advert.interval / centiseconds(1), 0, kIntervalMask));
  }
  const auto whole_seconds = static_cast<std::uint8_t>(std::clamp<std::int64_t>(advert.interval / seconds(1), 0, 255));
  return static_cast<std::uint16_t>(advert.authentication_type << 8 | whole_seconds);
}

/// Moves the authentication header out of the way; false when there is none.
bool split_authentication_header(Datagram& datagram) {
  if (datagram.pdu.size() < kAhOctets) return false;
  datagram.authentication_header = datagram.pdu.first(kAhOctets);
  datagram.pdu = datagram.pdu.subspan(kAhOctets);
  return datagram.authentication_header[0] == kProtocol && datagram.authentication_header[1] == kAhWordsLess2;
}

IpAddress read_address(ByteReader& reader, Family family) {
  if (family == Family::IPv4) return IpAddress::v4(reader.u32());
  return IpAddress::from_bytes(reader.take(16)).value_or(IpAddress::any(Family::IPv6));
}

}  // namespace

std::optional<Datagram> parse_datagram(ByteView bytes) {
  if (bytes.size() < kLeastIpHeaderOctets) return std::nullopt;
  const std::size_t header_octets = static_cast<std::size_t>(bytes[0] & 0x0f) * 4;
  if (bytes[0] >> 4 != 4 || header_octets < kLeastIpHeaderOctets) return std::nullopt;
  if (bytes.size() < header_octets + kFixedHeaderOctets) return std::nullopt;
  ByteReader reader(bytes);
  Datagram datagram;
  reader.skip(2);
  datagram.total_length = reader.u16();
  reader.skip(4);
  datagram.time_to_live = reader.u8();
  datagram.protocol = reader.u8();
  reader.skip(2);
  datagram.source = IpAddress::v4(reader.u32());
  datagram.destination = IpAddress::v4(reader.u32());
  datagram.received_length = bytes.size();
  datagram.ip_header = bytes.first(header_octets);
  datagram.pdu = bytes.subspan(header_octets);
  if (datagram.protocol == kAhProtocol && !split_authentication_header(datagram)) return std::nullopt;
  if (datagram.pdu.size() < kFixedHeaderOctets) return std::nullopt;
  return datagram;
}

std::optional<Datagram> datagram_of(const Ipv6Envelope& envelope, ByteView payload) {
  if (payload.size() < kFixedHeaderOctets || envelope.source.is_v4() || envelope.destination.is_v4()) {
    return std::nullopt;
  }
  Datagram datagram;
  datagram.source = envelope.source;
  datagram.destination = envelope.destination;
  datagram.protocol = kProtocol;
  datagram.time_to_live = envelope.hop_limit;
  datagram.total_length = payload.size();
  datagram.received_length = payload.size();
  datagram.pdu = payload;
  return datagram;
}

FixedHeader peek_header(ByteView pdu) {
  ASSERT(pdu.size() >= kFixedHeaderOctets);
  return {pdu[0] >> 4, pdu[0] & 0x0f, pdu[1], pdu[2], pdu[3]};
}

std::size_t pdu_length(int version, std::size_t address_count, Family family) {
  const std::size_t octets = family == Family::IPv4 ? 4 : 16;
  return kFixedHeaderOctets + octets * address_count + (version == 2 ? kAuthenticationOctets : 0);
}

std::optional<Advertisement> parse_pdu(ByteView pdu, Family family) {
  if (pdu.size() < kFixedHeaderOctets) return std::nullopt;
  const FixedHeader header = peek_header(pdu);
  if (header.version != 2 && header.version != 3) return std::nullopt;
  if (pdu.size() != pdu_length(header.version, header.address_count, family)) return std::nullopt;
  ByteReader reader(pdu);
  reader.skip(4);
  Advertisement advert;
  advert.version = header.version;
  advert.type = header.type;
  advert.virtual_router_id = header.virtual_router_id;
  advert.priority = header.priority;
  const std::uint16_t interval = reader.u16();
  if (header.version == 3) {
    advert.interval = centiseconds(interval & kIntervalMask);
  } else {
    advert.authentication_type = static_cast<std::uint8_t>(interval >> 8);
    advert.interval = seconds(interval & 0xff);
  }
  reader.skip(2);
  advert.addresses.reserve(header.address_count);
  for (std::size_t i = 0; i < header.address_count; ++i) advert.addresses.push_back(read_address(reader, family));
  if (header.version == 2) std::ranges::copy(reader.take(kAuthenticationOctets), advert.authentication.begin());
  return advert;
}

bool checksum_is_right(ByteView pdu, ChecksumStyle style, const IpAddress& source, const IpAddress& destination) {
  if (style == ChecksumStyle::Plain) return internet_checksum(pdu) == 0;
  return internet_checksum(source, destination, kProtocol, pdu) == 0;
}

Bytes encode_pdu(const Advertisement& advert, ChecksumStyle style, const IpAddress& source,
                 const IpAddress& destination) {
  ASSERT(advert.addresses.size() <= kMostAddresses);
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(advert.version << 4 | advert.type));
  writer.u8(advert.virtual_router_id);
  writer.u8(advert.priority);
  writer.u8(static_cast<std::uint8_t>(advert.addresses.size()));
  writer.u16(interval_field(advert));
  writer.u16(0);
  for (const IpAddress& address : advert.addresses) writer.put(address.bytes());
  if (advert.version == 2) writer.put(advert.authentication);
  const std::uint16_t checksum = style == ChecksumStyle::Plain
                                     ? internet_checksum(writer.bytes())
                                     : internet_checksum(source, destination, kProtocol, writer.bytes());
  writer.patch_u16(kChecksumOffset, checksum);
  return writer.take();
}

}  // namespace holdfast::vrrp
