// Effects that make, move and settle links: macvlans and ipvlans of ours, and the interfaces below them. Decided by the keepers
// (vmac_keeper, base_keeper, promotion_keeper), carried out by vrrp/io/vmac_table. Absent: addresses (effects.h).
#pragma once

#include <cstdint>
#include <string>

#include "core/config/schema/vmac.h"
#include "vrrp/logic/events.h"

namespace holdfast::vrrp {

/// In private mode, with the settings of behaviour.md d.10, down. LinkChanged or VmacRefused follows.
struct MakeVmac {
  std::string instance;
  config::Vmac vmac;
  std::uint32_t base_index = 0;
  std::uint32_t vrf_index = 0;  ///< that the base belongs to; 0 = none
  bool operator==(const MakeVmac&) const = default;
};
/// Gives the settings to one that is there without them.
struct SettleVmac {
  std::uint32_t interface_index = 0;
  config::Vmac vmac;
  bool operator==(const SettleVmac&) const = default;
};
/// Up: done when the effect behind this one is carried out. Down: some time later.
struct SetVmacUp {
  std::string name;
  std::uint32_t interface_index = 0;
  bool up = true;
  bool operator==(const SetVmacUp&) const = default;
};
/// Moves it to the VRF that its base belongs to now, some time later. It is down for a moment.
struct SetVmacVrf {
  std::string name;
  std::uint32_t interface_index = 0;
  std::uint32_t vrf_index = 0;  ///< 0 = to none
  bool operator==(const SetVmacVrf&) const = default;
};
/// Some time later; before the process ends.
struct RemoveVmac {
  std::string name;
  std::uint32_t interface_index = 0;
  bool operator==(const RemoveVmac&) const = default;
};
/// Sets the group of a link to what it is, so that the kernel tells everybody of the link again (netlink_notify_msg).
struct TellOfLink {
  std::uint32_t interface_index = 0;
  std::uint32_t group = 0;
  bool operator==(const TellOfLink&) const = default;
};
/// Of the interface below macvlans.
struct SetArpStrictness {
  std::uint32_t interface_index = 0;
  ArpStrictness arp;
  bool operator==(const SetArpStrictness&) const = default;
};

/// net.ipv4.conf.LINK.promote_secondaries.
struct SetPromotion {
  std::uint32_t interface_index = 0;
  bool on = true;
  bool operator==(const SetPromotion&) const = default;
};

}  // namespace holdfast::vrrp
