#include "vrrp/logic/hmac_trailer.h"

#include <algorithm>

#include "core/base/assert.h"
#include "vrrp/logic/hmac.h"

namespace holdfast::vrrp {

namespace {

constexpr std::uint8_t kType = 1;
constexpr std::size_t kHmacOctets = 16;
constexpr std::size_t kChecksumOffset = 6;
constexpr std::size_t kAddressOctets = 16;
constexpr int kAdvertsInWindow = 3;

struct Trailer {
  std::uint8_t type = 0, key_id = 0;
  std::uint16_t reserved = 0;
  HmacStamp stamp;
  ByteView hmac;
};

std::optional<Trailer> parse_trailer(ByteView bytes) {
  if (bytes.size() != kTrailerOctets) return std::nullopt;
  ByteReader reader(bytes);
  Trailer trailer;
  trailer.type = reader.u8();
  trailer.key_id = reader.u8();
  trailer.reserved = reader.u16();
  trailer.stamp.seconds = reader.u32();
  trailer.stamp.fraction = reader.u16();
  trailer.stamp.counter = reader.u16();
  trailer.hmac = reader.take(kHmacOctets);
  if (trailer.type != kType || trailer.reserved != 0) return std::nullopt;
  return trailer;
}

void put_trailer(ByteWriter& out, std::uint8_t key_id, const HmacStamp& stamp, ByteView hmac) {
  out.u8(kType);
  out.u8(key_id);
  out.u16(0);
  out.u32(stamp.seconds);
  out.u16(stamp.fraction);
  out.u16(stamp.counter);
  out.put(hmac);
}

const config::HmacKey* key_of(const config::AuthHmac& settings, std::uint8_t id) {
  const auto found = std::ranges::find(settings.keys, id, &config::HmacKey::id);
  return found == settings.keys.end() ? nullptr : &*found;
}

std::array<std::uint8_t, kHmacOctets> hmac_of(const config::HmacKey& key, const HmacSubject& subject, ByteView pdu,
                                              const HmacStamp& stamp) {
  ByteWriter text;
  text.u8(subject.source.is_v4() ? 4 : 6);
  text.u8(static_cast<std::uint8_t>(subject.version));
  text.u8(subject.virtual_router_id);
  text.u8(0);
  text.put(subject.source.bytes());
  text.zeros(kAddressOctets - subject.source.bytes().size());
  const std::size_t pdu_at = text.size();
  text.put(pdu);
  if (pdu.size() >= kChecksumOffset + 2) text.patch_u16(pdu_at + kChecksumOffset, 0);
  put_trailer(text, key.id, stamp, std::array<std::uint8_t, kHmacOctets>{});
  const auto* octets = reinterpret_cast<const std::uint8_t*>(key.octets.data());
  const auto whole = hmac_sha256({octets, key.octets.size()}, text.bytes());
  std::array<std::uint8_t, kHmacOctets> cut{};
  std::copy_n(whole.begin(), cut.size(), cut.begin());
  return cut;
}

HmacStamp stamp_of(Duration utc) {
  HmacStamp stamp;
  stamp.seconds = static_cast<std::uint32_t>(utc / seconds(1));
  stamp.fraction = static_cast<std::uint16_t>((utc % seconds(1)).count() * 65536 / 1'000'000);
  return stamp;
}

/// The next one after both the clock and the last stamp.
HmacStamp later_than(HmacStamp last, HmacStamp clock) {
  if (clock > last) return clock;
  if (++last.counter != 0) return last;
  if (++last.fraction == 0) ++last.seconds;
  return last;
}

bool in_window(const HmacStamp& stamp, Duration utc, Duration window) {
  const Duration stamped = seconds(stamp.seconds) + Duration(std::int64_t{stamp.fraction} * 1'000'000 / 65536);
  return stamped >= utc - window && stamped <= utc + window;
}

void remember(const IpAddress& sender, const HmacStamp& stamp, std::size_t most, HmacMemory& memory) {
  if (memory.heard.size() >= most && !memory.heard.contains(sender)) {
    const auto older = [](const auto& a, const auto& b) { return a.second < b.second; };
    memory.heard.erase(std::ranges::min_element(memory.heard, older));
  }
  memory.heard[sender] = stamp;
}

}  // namespace

Bytes hmac_trailer(const config::AuthHmac& settings, const HmacSubject& subject, ByteView pdu, Duration utc,
                   HmacMemory& memory) {
  const config::HmacKey* key = key_of(settings, settings.active_key);
  ASSERT(key != nullptr);
  memory.sent = later_than(memory.sent, stamp_of(utc));
  ByteWriter out;
  put_trailer(out, key->id, memory.sent, hmac_of(*key, subject, pdu, memory.sent));
  return out.take();
}

TrailerVerdict check_trailer(const config::AuthHmac& settings, const HmacSubject& subject, ByteView pdu,
                             ByteView trailer, const TrailerCheck& check, HmacMemory& memory) {
  const auto parsed = parse_trailer(trailer);
  if (!parsed) return TrailerVerdict::Malformed;
  const config::HmacKey* key = key_of(settings, parsed->key_id);
  if (key == nullptr) return TrailerVerdict::UnknownKey;
  if (!same_digest(hmac_of(*key, subject, pdu, parsed->stamp), parsed->hmac)) return TrailerVerdict::WrongHmac;
  const Duration window = time_window(settings, check.advert_interval);
  if (!settings.monotonic && !in_window(parsed->stamp, check.utc, window)) return TrailerVerdict::Stale;
  const auto known = memory.heard.find(subject.source);
  if (known != memory.heard.end() && parsed->stamp <= known->second) return TrailerVerdict::Replayed;
  remember(subject.source, parsed->stamp, std::max(check.most_senders, HmacMemory::kMostSenders), memory);
  return TrailerVerdict::Authentic;
}

Duration time_window(const config::AuthHmac& settings, Duration advert_interval) {
  if (settings.time_window) return *settings.time_window;
  return std::clamp<Duration>(kAdvertsInWindow * advert_interval, seconds(5), seconds(300));
}

}  // namespace holdfast::vrrp
