#include "vrrp/logic/routing_facts.h"

#include <algorithm>

namespace holdfast::vrrp {

void RoutingFacts::forget() {
  facts_.clear();
  known_ = false;
}

void RoutingFacts::appeared(const RoutingObject& object) {
  std::vector<Fact>& facts = facts_[routing_key(object)];
  const auto same = std::ranges::find_if(facts, [&](const Fact& fact) { return fits(object, fact.object); });
  if (same == facts.end())
    facts.push_back({object, resync_});
  else
    *same = {object, resync_};
}

bool RoutingFacts::vanished(const RoutingObject& object) {
  const auto found = facts_.find(routing_key(object));
  if (found == facts_.end()) return false;
  const bool erased = std::erase_if(found->second, [&](const Fact& fact) { return fits(object, fact.object); }) > 0;
  if (found->second.empty()) facts_.erase(found);
  return erased;
}

bool RoutingFacts::has(const RoutingObject& wanted) const {
  const auto found = facts_.find(routing_key(wanted));
  if (found == facts_.end()) return false;
  return std::ranges::any_of(found->second, [&](const Fact& fact) { return fits(wanted, fact.object); });
}

void RoutingFacts::resync_finished() {
  known_ = true;
  for (auto at = facts_.begin(); at != facts_.end();) {
    std::erase_if(at->second, [&](const Fact& fact) { return fact.told != resync_; });
    at = at->second.empty() ? facts_.erase(at) : std::next(at);
  }
}

}  // namespace holdfast::vrrp
