// When which virtual router wants to be called. One deadline per router; the engine asks for the earliest and for those
// that are due. Both are cheap however many routers there are. A Backup's deadline moves with every advert that it hears, so one
// that moves away is only noted: it is looked at when the old one comes. Absent: any clock.
#pragma once

#include <deque>
#include <optional>
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
  /// No router has a lower id, now or later.
  void forget_below(RouterId id);

 private:
  struct Entry {
    TimePoint queued;  ///< its place in heap_, never later than…
    TimePoint wanted;  ///< …its deadline
    RouterId id;
  };
  static constexpr std::uint32_t kNowhere = UINT32_MAX;

  std::uint32_t place_of(RouterId id) const;
  void put(std::size_t place, const Entry& entry);
  /// `entry` belongs at this place or where it is carried from here.
  void settle(std::size_t place, const Entry& entry);
  void remove(std::size_t place);

  std::vector<Entry> heap_;           ///< binary, the earliest first
  std::deque<std::uint32_t> places_;  ///< in heap_, by id from first_id_ on
  RouterId first_id_ = 0;
  TimePoint looked_until_ = TimePoint::min();  ///< of the last due()
};

}  // namespace holdfast::vrrp
