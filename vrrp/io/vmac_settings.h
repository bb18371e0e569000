// The settings of macvlans of ours (behaviour.md d.10): an ARP request is answered by the link that has the address and by no
// other, and asked in the name of an address of the link that asks, packets from addresses of this host and from clients whose way back is the interface below are taken, and the kernel
// makes no IPv6 address of its own. Pure functions; vmac_table gives them to the kernel, link_monitor asks whether a link has
// them.
#pragma once

#include "core/netlink/link_settings.h"

namespace holdfast::vrrp {

/// `everywhere`: net.ipv4.conf.all.rp_filter. The kernel takes the greater of it and the link's own value: with 0 the source
/// is not looked at; otherwise 2, any way back will do, so that the other interfaces keep their strictness.
netlink::Ipv4LinkSettings vmac_settings(int everywhere);

bool has_vmac_settings(const netlink::LinkDetails& details);

}  // namespace holdfast::vrrp
