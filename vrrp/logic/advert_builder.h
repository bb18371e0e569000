// The advert that a vrrp_instance sends: its settings and a priority become an Advertisement and the PDU around it.
// Pure. The virtual router calls it for every advert. Absent: when to send (state_machine.h) and the layout of the
// bytes (advertisement.h).
#pragma once

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// The first kMostAddresses of its IPv4 virtual_ipaddress; excluded addresses are never told. `priority` 0..255.
Advertisement advertisement_of(const config::VrrpInstance& instance, int priority);

/// Which bytes the checksums of this instance cover: those it sends and those it expects.
ChecksumStyle checksum_style(const config::VrrpInstance& instance);

/// The same as one datagram to the group of the instance, from `source` on this interface.
SendAdvert send_advert(const config::VrrpInstance& instance, int priority, std::uint32_t interface_index,
                       const IpAddress& source);

}  // namespace holdfast::vrrp
