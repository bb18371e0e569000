#include "core/runtime/clock.h"

#include <time.h>

namespace holdfast {

namespace {
std::int64_t read_clock(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}
}  // namespace

TimePoint now() {
  return from_us(read_clock(CLOCK_MONOTONIC));
}

std::int64_t wall_clock_us() {
  return read_clock(CLOCK_REALTIME);
}

}  // namespace holdfast
