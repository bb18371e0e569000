#include "vrrp/io/ipv4_header.h"

#include "core/base/assert.h"
#include "core/base/checksum.h"

namespace holdfast::vrrp {

namespace {
constexpr std::uint8_t version_and_length = 0x45;
constexpr std::uint8_t internetwork_control = 0xc0;
constexpr std::size_t header_size = 20;
constexpr std::size_t checksum_at = 10;
}  // namespace

Bytes ipv4_datagram(const Ipv4Header& header, ByteView pdu) {
  ASSERT(header.source.is_v4() && header.destination.is_v4() && pdu.size() + header_size <= 0xffff);
  ByteWriter out(header_size + pdu.size());
  out.u8(version_and_length);
  out.u8(internetwork_control);
  out.u16(static_cast<std::uint16_t>(header_size + pdu.size()));
  out.u16(header.identification);
  out.u16(0);  // flags and fragment offset
  out.u8(header.time_to_live);
  out.u8(header.protocol);
  out.u16(0);
  out.put(header.source.bytes());
  out.put(header.destination.bytes());
  out.patch_u16(checksum_at, internet_checksum(out.bytes()));
  out.put(pdu);
  return out.take();
}

}  // namespace holdfast::vrrp
