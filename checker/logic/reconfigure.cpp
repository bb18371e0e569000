#include "checker/logic/reconfigure.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "checker/logic/group_index.h"
#include "checker/logic/identity.h"

namespace holdfast::checker {

namespace {

bool same_group(const GroupIndex& before, const GroupIndex& after, const std::string& name) {
  if (name.empty()) return true;
  const auto* old = before.find(name);
  const auto* now = after.find(name);
  return old != nullptr && now != nullptr ? *old == *now : old == now;
}

}  // namespace

Difference compare(const config::Config& before, const config::Config& after) {
  std::unordered_map<std::string, std::size_t> old;
  for (std::size_t i = 0; i < before.virtual_servers.size(); ++i)
    old.emplace(identity_of(before.virtual_servers[i]), i);
  const bool other_merging = before.global_defs.checker_merge != after.global_defs.checker_merge;
  const GroupIndex groups_before(before), groups_after(after);
  Difference difference;
  for (std::size_t i = 0; i < after.virtual_servers.size(); ++i) {
    const config::VirtualServer& service = after.virtual_servers[i];
    Difference::Service entry{i, std::nullopt, false};
    if (const auto found = old.extract(identity_of(service))) {
      entry.before = found.mapped();
      entry.same = !other_merging && before.virtual_servers[found.mapped()] == service &&
                   same_group(groups_before, groups_after, service.group);
    }
    difference.services.push_back(entry);
  }
  for (const auto& [identity, index] : old) difference.removed.push_back(index);
  std::ranges::sort(difference.removed);
  return difference;
}

}  // namespace holdfast::checker
