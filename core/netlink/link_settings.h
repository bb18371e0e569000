// What a link is made of beyond its name and flags, as far as macvlans and ipvlans of our own need it: what it lies on, in which mode,
// and those settings of IPv4 and IPv6 that the kernel tells and takes with the link (IFLA_AF_SPEC), so that nothing has to be
// written below /proc/sys. Messages are built here, facts are read for message.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/mac_address.h"

struct nlmsghdr;

namespace holdfast::netlink {

/// net.ipv4.conf.LINK.* (Documentation/networking/ip-sysctl); unset = not told, or to be left as it is.
struct Ipv4LinkSettings {
  std::optional<std::uint32_t> arp_ignore, arp_filter, arp_announce, rp_filter, accept_local, promote_secondaries;
  bool operator==(const Ipv4LinkSettings&) const = default;
};

struct LinkDetails {
  std::uint32_t below = 0;                    ///< IFLA_LINK; 0 = nothing, or in another namespace
  std::uint32_t master = 0;                   ///< IFLA_MASTER: the VRF, bridge or bond it belongs to; 0 = none
  bool macvlan = false;                       ///< of any mode
  bool private_mode = false;                  ///< MACVLAN_MODE_PRIVATE
  bool ipvlan = false;                        ///< of any mode
  std::optional<std::uint16_t> ipvlan_flags;  ///< of one in mode L2: IPVLAN_F_*
  std::string kind;                           ///< IFLA_INFO_KIND; "" = hardware
  std::uint32_t group = 0;                    ///< IFLA_GROUP
  Ipv4LinkSettings ipv4;
  std::optional<std::uint8_t> addr_gen_mode;  ///< IN6_ADDR_GEN_MODE_*; 1 = none
  bool operator==(const LinkDetails&) const = default;
};
inline constexpr std::uint8_t addr_gen_mode_none = 1;  ///< IN6_ADDR_GEN_MODE_NONE, since Linux 3.17

struct MacvlanSpec {
  std::string name;
  std::uint32_t below = 0;
  MacAddress mac;
  std::optional<std::uint32_t> group;
  std::uint32_t master = 0;  ///< of the VRF that it belongs to; 0 = none
};

struct IpvlanSpec {
  std::string name;
  std::uint32_t below = 0;
  std::uint16_t flags = 0;  ///< IPVLAN_F_*; the same for all on one interface
  std::optional<std::uint32_t> group;
  std::uint32_t master = 0;  ///< as of a macvlan
};

/// In mode L2, down; else as make_macvlan().
Bytes make_ipvlan(const IpvlanSpec& spec, std::uint32_t sequence);
Bytes set_link_group(std::uint32_t index, std::uint32_t group, std::uint32_t sequence);
/// 0 = it belongs to nothing. The kernel takes a link that is up down and up again.
Bytes set_link_master(std::uint32_t index, std::uint32_t master, std::uint32_t sequence);
/// In private mode, down. EEXIST when the name is taken. Each of these asks for an acknowledgement.
Bytes make_macvlan(const MacvlanSpec& spec, std::uint32_t sequence);
Bytes set_link_up(std::uint32_t index, bool up, std::uint32_t sequence);
Bytes set_ipv4_settings(std::uint32_t index, const Ipv4LinkSettings& settings, std::uint32_t sequence);
Bytes set_addr_gen_mode(std::uint32_t index, std::uint8_t mode, std::uint32_t sequence);
Bytes remove_link(std::uint32_t index, std::uint32_t sequence);

/// Of an RTM_NEWLINK whose header fits; what is missing or malformed stays at its default.
LinkDetails link_details(const nlmsghdr* header);

}  // namespace holdfast::netlink
