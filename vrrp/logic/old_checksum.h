// The version 3 checksum of IPv4 unicast adverts as 1.3.5 makes it: the pseudo header names the multicast group, although
// the datagram goes to a peer. So that a pair can be migrated one host at a time, we take either and answer an old peer in
// its own way (behaviour.md d.6; `old_unicast_checksum`). Called by advert_builder and receive_checks.
//
// Rule beyond keepalived: a peer that is heard with the right checksum again ends it.
#pragma once

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/wire_memory.h"

namespace holdfast::vrrp {

/// Whether there is an old way at all: version 3, IPv4, unicast, with a pseudo header.
bool has_old_checksum(const config::VrrpInstance& instance);

/// The destination that the pseudo header of an advert to `peer` names.
const IpAddress& checksummed_destination(const config::VrrpInstance& instance, const WireMemory& memory,
                                         const IpAddress& peer);

enum class ChecksumVerdict : std::uint8_t { Right, FirstOld, Wrong };

/// Judges a received unicast advert of such an instance, and remembers. FirstOld: right in the old way, from now on.
ChecksumVerdict check_unicast_checksum(const Datagram& datagram, const config::VrrpInstance& instance,
                                       WireMemory& memory);

}  // namespace holdfast::vrrp
