#include "vrrp/logic/router_schedule.h"

#include <utility>

namespace holdfast::vrrp {

void RouterSchedule::set(RouterId id, std::optional<TimePoint> at) {
  const auto old = entries_.find(id);
  if (old != entries_.end()) {
    if (at && *at >= old->second.queued && old->second.queued > looked_until_) {
      old->second.wanted = *at;
      return;
    }
    auto place = queue_.extract({old->second.queued, id});
    if (at) {
      place.value().first = *at;
      queue_.insert(std::move(place));
      old->second = {*at, *at};
    } else {
      entries_.erase(old);
    }
    return;
  }
  if (!at) return;
  queue_.insert({*at, id});
  entries_.emplace(id, Entry{*at, *at});
}

std::vector<RouterId> RouterSchedule::due(TimePoint now) {
  looked_until_ = now;
  std::vector<RouterId> due;
  for (auto at = queue_.begin(); at != queue_.end() && at->first <= now;) {
    Entry& entry = entries_.at(at->second);
    if (entry.wanted == at->first) {
      due.push_back(at++->second);
      continue;
    }
    auto place = queue_.extract(at++);
    place.value().first = entry.queued = entry.wanted;
    queue_.insert(std::move(place));
  }
  return due;
}

std::optional<TimePoint> RouterSchedule::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

}  // namespace holdfast::vrrp
