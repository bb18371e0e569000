// Exponential back-off: first retry at once, then 0.1 s doubling to 30 s; a quiet minute forgets everything (DESIGN §5,
// "Restart"). It never gives up.
#pragma once

#include "core/base/time.h"

namespace holdfast {

class Backoff {
 public:
  struct Limits {
    Duration first = milliseconds(100);
    Duration longest = seconds(30);
    Duration quiet = seconds(60);
  };

  Backoff() = default;
  explicit Backoff(Limits limits) : limits_(limits) {}

  /// How long to wait after a failure of something that was started at `started` and failed at `now`.
  Duration after_failure(TimePoint started, TimePoint now);
  /// Failures since the last quiet time.
  int failures() const { return failures_; }

 private:
  Limits limits_{};
  int failures_ = 0;
};

}  // namespace holdfast
