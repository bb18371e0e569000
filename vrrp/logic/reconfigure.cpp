#include "vrrp/logic/reconfigure.h"

#include <map>

namespace holdfast::vrrp {

MatchKey match_key(const config::VrrpInstance& instance) {
  return {instance.interface, instance.virtual_router_id, instance.family, instance.multicast_group};
}

Matching match_instances(const std::vector<const config::VrrpInstance*>& old,
                         const std::vector<const config::VrrpInstance*>& next) {
  std::map<MatchKey, std::size_t> index_of;
  for (std::size_t i = 0; i < old.size(); ++i) index_of.emplace(match_key(*old[i]), i);
  Matching matching;
  std::vector<bool> lives(old.size(), false);
  for (const config::VrrpInstance* instance : next) {
    const auto found = index_of.find(match_key(*instance));
    const bool same = found != index_of.end() && !lives[found->second];
    matching.old_of.push_back(same ? found->second : Matching::kNew);
    if (same) lives[found->second] = true;
  }
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (!lives[i]) matching.removed.push_back(i);
  }
  return matching;
}

}  // namespace holdfast::vrrp
