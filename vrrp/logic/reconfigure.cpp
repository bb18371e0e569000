#include "vrrp/logic/reconfigure.h"

#include <algorithm>
#include <deque>
#include <map>

namespace holdfast::vrrp {

MatchKey match_key(const config::VrrpInstance& instance) {
  const IpAddress source = instance.source_address.value_or(IpAddress{});
  return {instance.interface, instance.virtual_router_id, instance.family, instance.unicast(),
          instance.unicast() ? source : instance.multicast_group};
}

Matching match_instances(const std::vector<const config::VrrpInstance*>& old,
                         const std::vector<const config::VrrpInstance*>& next) {
  std::map<MatchKey, std::deque<std::size_t>> indexes_of;
  for (std::size_t i = 0; i < old.size(); ++i) indexes_of[match_key(*old[i])].push_back(i);
  Matching matching;
  for (const config::VrrpInstance* instance : next) {
    const auto found = indexes_of.find(match_key(*instance));
    const bool same = found != indexes_of.end() && !found->second.empty();
    matching.old_of.push_back(same ? found->second.front() : Matching::kNew);
    if (same) found->second.pop_front();
  }
  for (const auto& [key, rest] : indexes_of) matching.removed.insert(matching.removed.end(), rest.begin(), rest.end());
  std::ranges::sort(matching.removed);
  return matching;
}

}  // namespace holdfast::vrrp
