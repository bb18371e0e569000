// A macvlan that the vrrp process makes for an instance: for its addresses (use_vmac), or for those on another interface
// (`use_vmac` behind an address, use_vmac_addr); or an ipvlan for its addresses and adverts (use_ipvlan). After lint (settle_vmacs.h) every value is final.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ip_address.h"
#include "core/base/mac_address.h"

namespace holdfast::config {

enum class IpvlanMode : std::uint8_t { Bridge = 0, Private = 1, Vepa = 2 };  // IPVLAN_F_* of linux/if_link.h

struct Vmac {
  std::string name;                    ///< up to 15 octets
  std::string base;                    ///< the interface below it
  MacAddress mac;                      ///< that of the VRID (RFC 9568 §7.3) unless another is given
  bool ipv4 = true, ipv6 = false;      ///< families of the addresses on it
  std::optional<std::uint32_t> group;  ///< of the link; unset = 0
  bool tells_base = false;             ///< netlink_notify_msg: the base is told of again when its promiscuity changed
  bool ipvlan = false;                 ///< in mode L2, with the MAC of the base; `mac` says nothing
  IpvlanMode mode = IpvlanMode::Bridge;
  std::optional<IpPrefix> address;  ///< of the ipvlan, that adverts leave from
  bool operator==(const Vmac&) const = default;
};

}  // namespace holdfast::config
