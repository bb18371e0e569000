// When the process wakes up for something that is due: not at once but at the next point of a grid, so that what is due within
// the same few milliseconds (checks of thousands of servers, time limits of their probes) costs one wake-up together. Asked by
// checker/process and io/probe_port. Beats and limits stay exact: a beat is counted from itself, not from the wake-up, and a
// limit is met late, never early.
#pragma once

#include "core/base/time.h"

namespace holdfast::checker {

/// Of a second's interval less than half a percent, and at most 250 wake-ups a second.
inline constexpr Duration kWakeGrid = milliseconds(4);

/// The first point of the grid that is not before `due`; what is due since an earlier point is due at once.
constexpr TimePoint wake_up_for(TimePoint due) {
  const auto points = (due.time_since_epoch() + kWakeGrid - Duration(1)) / kWakeGrid;
  return TimePoint(points * kWakeGrid);
}

}  // namespace holdfast::checker
