// The advert that a vrrp_instance sends: its settings and a priority become an Advertisement, the PDU around it and what
// proves it; one datagram to the group, or one to each unicast peer. The virtual router calls it for every advert. Absent:
// when to send (state_machine.h) and the layout of the bytes (advertisement.h, authentication_header.h, hmac_trailer.h).
#pragma once

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/advertisement.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/wire_memory.h"

namespace holdfast::vrrp {

/// The first kMostAddresses of its virtual_ipaddress; excluded addresses are never told. `priority` 0..255.
Advertisement advertisement_of(const config::VrrpInstance& instance, int priority);

/// Which bytes the checksums of this instance cover: those it sends and those it expects.
ChecksumStyle checksum_style(const config::VrrpInstance& instance);

/// What the adverts of these instances need is there before the first is due.
void prepare_to_send(const std::vector<config::VrrpInstance>& instances);

/// The same as datagrams from `source` on this interface (0 = any). `memory` numbers them.
std::vector<SendAdvert> send_adverts(const config::VrrpInstance& instance, int priority, std::uint32_t interface_index,
                                     const IpAddress& source, WireMemory& memory);

}  // namespace holdfast::vrrp
