// The clock of the watchdog's tests: it stands where they say.
#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace holdfast::watchdog {

inline TimePoint at_ms(std::int64_t ms) {
  return from_us(1'000'000'000 + ms * 1000);
}

}  // namespace holdfast::watchdog
