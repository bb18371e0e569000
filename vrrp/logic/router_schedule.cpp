#include "vrrp/logic/router_schedule.h"

namespace holdfast::vrrp {

void RouterSchedule::set(RouterId id, std::optional<TimePoint> at) {
  const auto old = due_of_.find(id);
  if (old != due_of_.end()) {
    if (at && *at == old->second) return;
    due_.erase({old->second, id});
    due_of_.erase(old);
  }
  if (!at) return;
  due_.insert({*at, id});
  due_of_.emplace(id, *at);
}

std::vector<RouterId> RouterSchedule::due(TimePoint now) const {
  std::vector<RouterId> ids;
  for (const auto& [at, id] : due_) {
    if (at > now) break;
    ids.push_back(id);
  }
  return ids;
}

std::optional<TimePoint> RouterSchedule::next() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace holdfast::vrrp
