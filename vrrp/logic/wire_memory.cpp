#include "vrrp/logic/wire_memory.h"

#include <algorithm>

namespace holdfast::vrrp {

namespace {

/// For adverts outside the rhythm: answers to lower ones, changed priorities.
constexpr std::uint64_t kSpareFactor = 2;
constexpr std::uint64_t kSpare = 1024;

}  // namespace

WireMemory resumed(const InstanceRecord& record, TimePoint now) {
  WireMemory memory;
  memory.old_checksum_peer = record.old_checksum_peer;
  if (record.ah_sequence == 0) return memory;
  const Duration since = std::max(now - record.advert_anchor, Duration::zero());
  const auto beats = static_cast<std::uint64_t>(since / std::max(record.advert_interval, Duration(1)));
  const std::uint64_t number = record.ah_sequence + beats * kSpareFactor + kSpare;
  memory.ah.own().sent = static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
  return memory;
}

}  // namespace holdfast::vrrp
