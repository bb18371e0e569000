// An address entry of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress (keywords.tsv,
// "address_entry").
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/ip_address.h"
#include "core/base/rare.h"

namespace holdfast::config {

enum class Broadcast : std::uint8_t { None, Given, AllOnes, AllZeros };  // "broadcast A", "broadcast +", "broadcast -"

/// What few addresses say.
struct AddressDetails {
  std::string scope_name;  ///< a scope that only rt_scopes of the machine knows; numbered for the children
  IpAddress broadcast;     ///< when Broadcast::Given
  std::string label;       ///< IPv4 only, up to 15 octets
  std::optional<IpPrefix> peer;
  std::optional<std::uint32_t> preferred_lft_s;  ///< unset = forever (0 for IPv6 /128); UINT32_MAX = forever
  std::string track_group;                       ///< static entries only
  std::optional<std::string> use_vmac;           ///< name of the macvlan it lies on; "" = none given, before lint

  bool operator==(const AddressDetails&) const = default;
};

struct VirtualAddress {
  IpPrefix prefix;                    ///< host address with its prefix length; default 32 or 128
  std::optional<std::uint8_t> scope;  ///< RT_SCOPE_*; unset = global (link for link-local)
  Broadcast broadcast_kind = Broadcast::None;
  bool home = false;                         ///< IPv6
  bool duplicate_address_detection = false;  ///< "-nodad" turns it on again; IPv6
  bool mngtmpaddr = false;                   ///< IPv6
  bool noprefixroute = false;
  bool autojoin = false;
  bool no_track = false;        ///< its removal by others is not our business
  Rare<std::string> interface;  ///< dev; "" = the instance's interface
  Rare<AddressDetails> details;

  bool operator==(const VirtualAddress&) const = default;
};

}  // namespace holdfast::config
