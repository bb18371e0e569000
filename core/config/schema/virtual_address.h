// An address entry of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress (keywords.tsv,
// "address_entry").
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ip_address.h"

namespace holdfast::config {

enum class Broadcast : std::uint8_t { None, Given, AllOnes, AllZeros };  // "broadcast A", "broadcast +", "broadcast -"

struct VirtualAddress {
  IpPrefix prefix;                    ///< host address with its prefix length; default 32 or 128
  std::string interface;              ///< dev; "" = the instance's interface
  std::optional<std::uint8_t> scope;  ///< RT_SCOPE_*; unset = global (link for link-local)
  Broadcast broadcast_kind = Broadcast::None;
  IpAddress broadcast;  ///< when Given
  std::string label;    ///< IPv4 only, up to 15 octets
  std::optional<IpPrefix> peer;
  bool home = false;                         ///< IPv6
  bool duplicate_address_detection = false;  ///< "-nodad" turns it on again; IPv6
  bool mngtmpaddr = false;                   ///< IPv6
  bool noprefixroute = false;
  bool autojoin = false;
  std::optional<std::uint32_t> preferred_lft_s;  ///< unset = forever (0 for IPv6 /128); UINT32_MAX = forever
  bool no_track = false;                         ///< its removal by others is not our business
  std::string track_group;                       ///< static entries only
  std::optional<std::string> use_vmac;           ///< "" = no name given

  bool operator==(const VirtualAddress&) const = default;
};

}  // namespace holdfast::config
