// The one notion of time: microseconds on the monotonic clock. Only core/runtime reads a clock; logic/ is handed `now`.
// All processes of one boot share this clock, so a TimePoint may travel in a record from a dead child to its successor.
#pragma once

#include <chrono>
#include <cstdint>

namespace holdfast {

using Duration = std::chrono::microseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

inline constexpr Duration microseconds(std::int64_t n) {
  return Duration(n);
}
inline constexpr Duration milliseconds(std::int64_t n) {
  return Duration(n * 1000);
}
inline constexpr Duration centiseconds(std::int64_t n) {
  return Duration(n * 10'000);
}
inline constexpr Duration seconds(std::int64_t n) {
  return Duration(n * 1'000'000);
}

inline constexpr double to_seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}
/// Microseconds since boot: the form in which a time travels over a link or into a record.
inline constexpr std::int64_t to_us(TimePoint t) {
  return t.time_since_epoch().count();
}
inline constexpr TimePoint from_us(std::int64_t us) {
  return TimePoint(Duration(us));
}

}  // namespace holdfast
