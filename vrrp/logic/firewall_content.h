// What the firewall holds (behaviour.md d.10), as values: addresses that nobody may talk to or in the name of (`no_accept`,
// strict mode), and macvlans whose reports of group membership leave by the interface below. Decided by firewall_board.h, put
// into the kernel by vrrp/io/firewall_table.h.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>

#include "core/base/ip_address.h"

namespace holdfast::vrrp {

/// Traffic to it and from it is dropped, neighbour solicitations and advertisements let through.
struct DroppedAddress {
  IpAddress address;
  std::uint32_t interface_index = 0;  ///< of a link-local address: there alone; 0 = see `interface`
  std::string interface;              ///< the same by name; "" = everywhere
  auto operator<=>(const DroppedAddress&) const = default;
};

/// One family of one macvlan.
struct VmacPath {
  Family family = Family::IPv4;
  std::uint32_t vmac_index = 0;
  std::uint32_t base_index = 0;
  auto operator<=>(const VmacPath&) const = default;
};

struct FirewallContent {
  std::set<DroppedAddress> dropped;
  std::set<VmacPath> vmacs;
  bool empty() const { return dropped.empty() && vmacs.empty(); }
  bool operator==(const FirewallContent&) const = default;
};

/// Sets and chains that stand; each is made when the first element needs it, and stays.
struct FirewallParts {
  bool vmacs4 = false, vmacs6 = false;
  bool dropped4 = false, dropped6 = false;
  bool link_local = false, link_local_by_name = false;
  bool operator==(const FirewallParts&) const = default;

  bool covers(const FirewallParts& other) const;
  void add(const FirewallParts& other);
};
FirewallParts parts_of(const FirewallContent& content);

/// How the table looks.
struct FirewallStyle {
  std::string table = "keepalived";
  std::int32_t priority = -1;
  bool counters = false;
  bool operator==(const FirewallStyle&) const = default;
};

}  // namespace holdfast::vrrp
