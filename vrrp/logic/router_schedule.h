// When which virtual router wants to be called. One deadline per router; the engine asks for the earliest and for those
// that are due. Both are cheap however many routers there are. Absent: any clock.
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
  std::vector<RouterId> due(TimePoint now) const;
  std::optional<TimePoint> next() const;

 private:
  std::set<std::pair<TimePoint, RouterId>> due_;
  std::unordered_map<RouterId, TimePoint> due_of_;
};

}  // namespace holdfast::vrrp
