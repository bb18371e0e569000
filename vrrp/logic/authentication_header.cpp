#include "vrrp/logic/authentication_header.h"

#include <algorithm>

#include "vrrp/logic/authentication.h"
#include "vrrp/logic/hmac.h"

namespace holdfast::vrrp {

namespace {

constexpr std::size_t kIpHeaderOctets = 20;
constexpr std::size_t kBeforeDigest = 12;
constexpr std::size_t kDigestOctets = 12;
constexpr std::uint8_t kPayloadWordsLess2 = 4;
constexpr std::uint64_t kStep = 16;

struct Numbers {
  std::uint16_t identification;
  std::uint8_t time_to_live;
  std::uint32_t spi, sequence;
};

/// What of an IPv4 header stays as it is on the way, and the TTL; the rest counts as zero (RFC 2402 §3.3.3.1.1).
void put_immutable(ByteWriter& out, std::uint16_t total_length, const Numbers& numbers, const IpAddress& source,
                   const IpAddress& destination) {
  out.u8(0x45);
  out.u8(0);
  out.u16(total_length);
  out.u16(numbers.identification);
  out.u16(0);
  out.u8(numbers.time_to_live);
  out.u8(kAhProtocol);
  out.u16(0);
  out.put(source.bytes());
  out.put(destination.bytes());
}

void put_header(ByteWriter& out, std::uint32_t spi, std::uint32_t sequence, ByteView digest) {
  out.u8(kProtocol);
  out.u8(kPayloadWordsLess2);
  out.u16(0);
  out.u32(spi);
  out.u32(sequence);
  out.put(digest);
}

std::array<std::uint8_t, kDigestOctets> digest_of(const IpAddress& source, const IpAddress& destination,
                                                  const Numbers& numbers, ByteView pdu, std::string_view password) {
  ByteWriter text;
  const std::size_t total = kIpHeaderOctets + kBeforeDigest + kDigestOctets + pdu.size();
  put_immutable(text, static_cast<std::uint16_t>(total), numbers, source, destination);
  put_header(text, numbers.spi, numbers.sequence, std::array<std::uint8_t, kDigestOctets>{});
  text.put(pdu);
  const auto whole = hmac_md5(authentication_data(password), text.bytes());
  std::array<std::uint8_t, kDigestOctets> cut{};
  std::copy_n(whole.begin(), cut.size(), cut.begin());
  return cut;
}

void remember(const IpAddress& sender, std::uint32_t number, AhMemory& memory) {
  if (memory.heard.size() >= AhMemory::kMostSenders && !memory.heard.contains(sender)) {
    const auto lower = [](const auto& a, const auto& b) { return a.second < b.second; };
    memory.heard.erase(std::ranges::min_element(memory.heard, lower));
  }
  memory.heard[sender] = number;
}

}  // namespace

std::uint32_t next_number(AhMemory& memory, Duration utc) {
  std::uint64_t highest = 0;
  for (const auto& [sender, number] : memory.heard) highest = std::max<std::uint64_t>(highest, number);
  const std::uint64_t after_others = memory.sent > highest ? 0 : highest + kStep;
  const auto since_1970_s = static_cast<std::uint64_t>(std::max(utc, Duration::zero()) / seconds(1));
  const std::uint64_t number = std::max({std::uint64_t{memory.sent} + 1, after_others, since_1970_s});
  memory.sent = static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
  return memory.sent;
}

void put_authentication_header(SendAdvert& advert, std::string_view password, std::uint32_t sequence) {
  advert.protocol = kAhProtocol;
  advert.identification = static_cast<std::uint16_t>(sequence % UINT16_MAX + 1);  // 0 would be the kernel's choice
  const Numbers numbers{advert.identification, advert.time_to_live, advert.source.v4_value(), sequence};
  ByteWriter out;
  put_header(out, numbers.spi, sequence, digest_of(advert.source, advert.destination, numbers, advert.pdu, password));
  out.put(advert.pdu);
  advert.pdu = out.take();
}

AhVerdict check_authentication_header(const Datagram& datagram, std::uint8_t virtual_router_id,
                                      std::string_view password, AhMemory& memory) {
  ByteReader ip(datagram.ip_header);
  ip.skip(4);
  Numbers numbers{ip.u16(), 0, 0, 0};
  ByteReader header(datagram.authentication_header);
  header.skip(4);
  numbers.spi = header.u32();
  numbers.sequence = header.u32();
  if (numbers.spi != datagram.source.v4_value() && numbers.spi != virtual_router_id) return AhVerdict::WrongSpi;
  const auto known = memory.heard.find(datagram.source);
  if (known != memory.heard.end() && numbers.sequence <= known->second) return AhVerdict::Replayed;
  const ByteView theirs = header.take(kDigestOctets);
  const auto authentic = [&](std::uint8_t time_to_live) {
    numbers.time_to_live = time_to_live;
    return same_digest(digest_of(datagram.source, datagram.destination, numbers, datagram.pdu, password), theirs);
  };
  if (!authentic(datagram.time_to_live) && !authentic(kTimeToLive) && !authentic(0)) return AhVerdict::WrongDigest;
  remember(datagram.source, numbers.sequence, memory);
  return AhVerdict::Authentic;
}

}  // namespace holdfast::vrrp
