#include "vrrp/logic/timers.h"

#include "core/base/assert.h"

namespace holdfast::vrrp {

Duration skew_time(int version, int priority, Duration active_interval) {
  return (256 - priority) * (version == 3 ? active_interval : seconds(1)) / 256;
}

Duration active_down_interval(int version, int priority, Duration active_interval, int adverts) {
  return adverts * active_interval + skew_time(version, priority, active_interval);
}

void Rhythm::start(TimePoint anchor, Duration interval, std::optional<Duration> phase) {
  ASSERT(interval > Duration::zero());
  anchor_ = anchor;
  interval_ = interval;
  phase_ = phase;
  next_ = anchor + interval;
  if (phase) next_ -= (next_.time_since_epoch() - *phase) % interval;
}

bool Rhythm::advance(TimePoint now) {
  if (next_ - anchor_ < interval_) anchor_ = next_;  // its phase is reached
  next_ += interval_;
  if (next_ > now) return false;
  start(now, interval_, phase_);
  return true;
}

TimePoint Rhythm::last_beat(TimePoint anchor, Duration interval, TimePoint limit) {
  if (limit <= anchor || interval <= Duration::zero()) return anchor;
  return anchor + (limit - anchor) / interval * interval;
}

}  // namespace holdfast::vrrp
