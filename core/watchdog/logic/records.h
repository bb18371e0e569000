// What children must not forget, kept by core: opaque values under keys, per role, in memory and as the octets of a file.
// The file is a log of changes: header, then one entry for each change; it is written anew when most of it is superseded.
// It holds for one boot, vrrp's part for one configuration; anything it cannot be read as is worth nothing, never a failure.
//
//   header  "HFREC\0\0\2", boot id (16), digest of the configuration (u64), alive until (u64, µs)
//   entry   u8 kind (1 upsert, 2 erase), u8 role, u16 key length, u32 value length, u32 FNV-1a of all that follows, key, value
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

using BootId = std::array<std::uint8_t, 16>;

/// Where in the file "alive until" stands: overwritten in place, twenty times a second at most.
inline constexpr std::size_t kAliveUntilOffset = 8 + 16 + 8;
inline constexpr std::size_t kRecordHeaderOctets = kAliveUntilOffset + 8;

class RecordStore {
 public:
  using Values = std::map<std::string, std::string, std::less<>>;

  /// True when it changed something.
  bool upsert(Role role, const std::string& key, const std::string& value);
  bool erase(Role role, const std::string& key);
  const Values& of(Role role) const { return values_[static_cast<std::size_t>(role)]; }
  void clear();

  /// The entries for what changed since the last call; empty when nothing did.
  std::string take_changes();
  /// More than half of what take_changes() gave out is superseded: time to write the file anew.
  bool wants_rewrite() const;
  /// The whole file.
  std::string image(const BootId& boot, std::uint64_t digest, TimePoint alive_until);

 private:
  void note(std::uint8_t kind, Role role, std::string_view key, std::string_view value);

  std::array<Values, 2> values_;
  std::string changes_;
  std::size_t written_octets_ = 0;
  std::size_t live_octets_ = 0;
};

struct RememberedRecords {
  RecordStore store;
  TimePoint alive_until{};
  std::size_t unreadable = 0;  ///< octets at the end that are no entry: a write cut short
};
/// Nothing, with the reason in `why`, when the file is of another boot or format. When it is of another configuration of vrrp,
/// vrrp's records are left out, and `why` says so.
std::optional<RememberedRecords> parse_records(std::string_view file, const BootId& boot, std::uint64_t digest,
                                               std::string& why);

}  // namespace holdfast::watchdog
