// From an address entry of the configuration to what the kernel is asked for: every default of behaviour.md d.10 in one pure
// function.
#pragma once

#include "core/netlink/message.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

netlink::AddressSpec address_spec(const KernelAddress& address);

}  // namespace holdfast::vrrp
