#include "core/base/backoff.h"

#include <algorithm>

namespace holdfast {

Duration Backoff::after_failure(TimePoint started, TimePoint now) {
  if (now - started >= limits_.quiet) failures_ = 0;
  ++failures_;
  if (failures_ == 1) return Duration::zero();
  const int doublings = std::min(failures_ - 2, 20);
  return std::min<Duration>(limits_.first * (1LL << doublings), limits_.longest);
}

}  // namespace holdfast
