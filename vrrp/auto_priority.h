// max_auto_priority: a loop that finds itself late asks for a higher real-time priority, one step at a time. Pure; process
// applies what it returns.
#pragma once

#include <optional>

#include "core/base/time.h"

namespace holdfast::vrrp {

class AutoPriority {
 public:
  AutoPriority() = default;
  /// `start`: the priority already in force (vrrp_rt_priority), 0 = none. `most`: max_auto_priority, <= 0 = off.
  /// `tolerated`: lateness that is no reason (min_auto_priority_delay).
  AutoPriority(int start, int most, Duration tolerated) : current_(start), most_(most), tolerated_(tolerated) {}

  /// The priority to ask for after a deadline was met this late; nothing when there is no reason or no room.
  std::optional<int> after(Duration late) {
    if (late < tolerated_ || current_ >= most_) return std::nullopt;
    return ++current_;
  }

 private:
  int current_ = 0;
  int most_ = 0;
  Duration tolerated_ = seconds(1);
};

}  // namespace holdfast::vrrp
