// The arithmetic of VRRP's timers, and the rhythm of adverts. Called by the state machine only.
//
// A rhythm is an anchor and an interval: adverts are due at anchor + k × interval exactly, never at "now + interval",
// so that lateness of one advert does not move the next and a record of the rhythm stays true without being written
// again. Absent on purpose: any clock, and any notion of an armed timer.
#pragma once

#include <optional>

#include "core/base/time.h"

namespace holdfast::vrrp {

/// Skew_Time. Version 2: (256 - priority) / 256 s (RFC 3768 §6.1); version 3: (256 - priority) × interval / 256 (RFC
/// 9568 §6.1).
Duration skew_time(int version, int priority, Duration active_interval);

/// Active_Down_Interval: `adverts` × interval + skew (RFC 9568 §6.1 with adverts = 3; vrrp_down_timer_adverts changes
/// it).
Duration active_down_interval(int version, int priority, Duration active_interval, int adverts);

class Rhythm {
 public:
  /// An advert left at `anchor`; the next is due one interval later. With a phase (0 ≤ phase < interval) it is due sooner: at
  /// the first time after `anchor` that is phase + k × interval on the monotonic clock, which is the anchor from then on.
  void start(TimePoint anchor, Duration interval, std::optional<Duration> phase = {});
  /// Advances past `now`, an advert having been sent now. True when the rhythm was lost (more than one interval late)
  /// and now is its new anchor.
  bool advance(TimePoint now);

  TimePoint anchor() const { return anchor_; }
  Duration interval() const { return interval_; }
  TimePoint next() const { return next_; }

  /// The last beat of the rhythm not later than `limit`; the anchor when there is none.
  static TimePoint last_beat(TimePoint anchor, Duration interval, TimePoint limit);

 private:
  TimePoint anchor_{};
  TimePoint next_{};
  Duration interval_ = seconds(1);
  std::optional<Duration> phase_;
};

}  // namespace holdfast::vrrp
