// When which virtual router wants to be called. One deadline per router; the engine asks for the earliest and for those
// that are due. Both are cheap however many routers there are. A Backup's deadline moves with every advert that it hears, so one
// that moves away is only noted: it is looked at when the old one comes. Absent: any clock.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "vrrp/logic/router_id.h"

namespace holdfast::vrrp {

class RouterSchedule {
 public:
  /// Replaces the deadline of this router; nothing = it wants none.
  void set(RouterId id, std::optional<TimePoint> at);
  /// Those with a deadline at or before `now`, earliest first, then by id. They stay scheduled until set() again.
  std::vector<RouterId> due(TimePoint now);
  /// When to ask due() again: not later than the earliest deadline, and not before the last call's `now`.
  std::optional<TimePoint> next() const;

 private:
  struct Entry {
    TimePoint queued;  ///< its place in queue_, never later than…
    TimePoint wanted;  ///< …its deadline
  };
  std::set<std::pair<TimePoint, RouterId>> queue_;
  std::unordered_map<RouterId, Entry> entries_;
  TimePoint looked_until_ = TimePoint::min();  ///< of the last due()
};

}  // namespace holdfast::vrrp
