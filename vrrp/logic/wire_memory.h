// What a virtual router remembers of its own and its peers' packets from one to the next, beside the election: numbers
// against replay, and which checksum the peers speak. advert_builder and receive_checks read and write it; the virtual router
// owns it and keeps it in its record, so that a successor is not taken for a replay.
#pragma once

#include "core/base/rare.h"
#include "core/base/time.h"
#include "vrrp/logic/authentication_header.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/hmac_trailer.h"

namespace holdfast::vrrp {

struct WireMemory {
  Rare<IpAddress> old_checksum_peer;  ///< who speaks 1.3.5's unicast checksum (old_checksum.h); 0.0.0.0 = nobody
  Rare<AhMemory> ah;
  Rare<HmacMemory> hmac;
  Duration utc{};  ///< now, since 1970
};

/// A successor goes on from the record: with numbers that were certainly not used, though more adverts left since it was
/// written.
WireMemory resumed(const InstanceRecord& record, TimePoint now);

}  // namespace holdfast::vrrp
