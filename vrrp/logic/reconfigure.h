// Which virtual router of the old configuration lives on as which instance of the new one. The name does not matter
// (behaviour.md c.2): a renamed instance with the same key is the same virtual router. Pure; the engine does the rest.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/config/schema/vrrp_instance.h"

namespace holdfast::vrrp {

/// What makes a virtual router the same one after a reload.
struct MatchKey {
  std::string interface;
  std::uint8_t virtual_router_id = 0;
  Family family = Family::IPv4;
  bool unicast = false;
  IpAddress place;  ///< the multicast group, or the unicast source address
  auto operator<=>(const MatchKey&) const = default;
};
MatchKey match_key(const config::VrrpInstance& instance);

struct Matching {
  static constexpr std::size_t kNew = static_cast<std::size_t>(-1);
  std::vector<std::size_t> old_of;   ///< per new instance: index into the old list, or kNew
  std::vector<std::size_t> removed;  ///< indexes into the old list
};
/// O(n log n). Of several with one key (only unicast ones that differ in their peers may be) the nth of the new goes on as
/// the nth of the old.
Matching match_instances(const std::vector<const config::VrrpInstance*>& old,
                         const std::vector<const config::VrrpInstance*>& next);

}  // namespace holdfast::vrrp
