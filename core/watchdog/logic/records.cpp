#include "core/watchdog/logic/records.h"

#include <algorithm>
#include <utility>

namespace holdfast::watchdog {
namespace {

constexpr std::string_view kMagic{"HFREC\0\0\2", 8};
constexpr std::size_t kEntryHeaderOctets = 12;
constexpr std::uint8_t kUpsert = 1;
constexpr std::uint8_t kErase = 2;
/// A small file is not worth the trouble of writing it anew.
constexpr std::size_t kRewriteFloorOctets = 64U << 10;

std::uint32_t fnv1a(std::string_view octets, std::uint32_t hash = 2166136261U) {
  for (const char c : octets) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return hash;
}

ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string_view text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string encode(std::uint8_t kind, Role role, std::string_view key, std::string_view value) {
  ByteWriter out;
  out.u8(kind);
  out.u8(static_cast<std::uint8_t>(role));
  out.u16(static_cast<std::uint16_t>(key.size()));
  out.u32(static_cast<std::uint32_t>(value.size()));
  out.u32(fnv1a(value, fnv1a(key)));
  out.put(view(key));
  out.put(view(value));
  return std::string(text(out.bytes()));
}

}  // namespace

bool RecordStore::upsert(Role role, const std::string& key, const std::string& value) {
  if (key.size() > UINT16_MAX) return false;
  const auto [at, added] = values_[static_cast<std::size_t>(role)].try_emplace(key, value);
  if (!added && at->second == value) return false;
  if (added) live_octets_ += kEntryHeaderOctets + key.size() + value.size();
  at->second = value;
  note(kUpsert, role, key, value);
  return true;
}

bool RecordStore::erase(Role role, const std::string& key) {
  Values& values = values_[static_cast<std::size_t>(role)];
  const auto at = values.find(key);
  if (at == values.end()) return false;
  live_octets_ -= std::min(live_octets_, kEntryHeaderOctets + key.size() + at->second.size());
  values.erase(at);
  note(kErase, role, key, {});
  return true;
}

void RecordStore::clear() {
  *this = RecordStore();
}

void RecordStore::note(std::uint8_t kind, Role role, std::string_view key, std::string_view value) {
  changes_ += encode(kind, role, key, value);
}

std::string RecordStore::take_changes() {
  written_octets_ += changes_.size();
  return std::exchange(changes_, {});
}

bool RecordStore::wants_rewrite() const {
  return written_octets_ > kRewriteFloorOctets && written_octets_ > 2 * live_octets_;
}

std::string RecordStore::image(const BootId& boot, std::uint64_t digest, TimePoint alive_until) {
  ByteWriter header;
  header.put(view(kMagic));
  header.put(boot);
  header.u64(digest);
  header.u64(static_cast<std::uint64_t>(to_us(alive_until)));
  std::string file(text(header.bytes()));
  for (const Role role : {Role::Vrrp, Role::Checker}) {
    for (const auto& [key, value] : of(role)) file += encode(kUpsert, role, key, value);
  }
  changes_.clear();
  live_octets_ = written_octets_ = file.size() - kRecordHeaderOctets;
  return file;
}

std::optional<RememberedRecords> parse_records(std::string_view file, const BootId& boot, std::uint64_t digest,
                                               std::string& why) {
  const auto refuse = [&why](const char* reason) {
    why = reason;
    return std::nullopt;
  };
  ByteReader in(view(file));
  if (text(in.take(kMagic.size())) != kMagic) return refuse("it is not a record file of this version");
  if (!std::ranges::equal(in.take(boot.size()), boot)) return refuse("it is of an earlier boot");
  const bool same_configuration = in.u64() == digest;
  RememberedRecords remembered;
  remembered.alive_until = from_us(static_cast<std::int64_t>(in.u64()));
  if (!same_configuration) {  // the checker's records name their servers, vrrp's would be resumed for what they were
    why = "the file belongs to another configuration";
    remembered.alive_until = TimePoint{};
  }
  if (in.failed()) return refuse("its header is cut short");
  while (in.remaining() > 0) {
    const std::size_t rest = in.remaining();
    const std::uint8_t kind = in.u8();
    const std::uint8_t role = in.u8();
    const std::size_t key_length = in.u16();
    const std::size_t value_length = in.u32();
    const std::uint32_t checksum = in.u32();
    const std::string_view key = text(in.take(key_length));
    const std::string_view value = text(in.take(value_length));
    const bool sound =
        !in.failed() && (kind == kUpsert || kind == kErase) && role <= 1 && fnv1a(value, fnv1a(key)) == checksum;
    if (!sound) {
      remembered.unreadable = rest;
      break;
    }
    if (!same_configuration && role == static_cast<std::uint8_t>(Role::Vrrp)) continue;
    if (kind == kUpsert) remembered.store.upsert(static_cast<Role>(role), std::string(key), std::string(value));
    if (kind == kErase) remembered.store.erase(static_cast<Role>(role), std::string(key));
  }
  return remembered;
}

}  // namespace holdfast::watchdog
