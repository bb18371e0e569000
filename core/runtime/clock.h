// The only readers of a clock. Logic is handed the result; see core/base/time.h.
#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace holdfast {

/// CLOCK_MONOTONIC: shared by all processes of one boot, stands still while the machine is suspended.
TimePoint now();

/// Microseconds since 1970 (CLOCK_REALTIME): only for text that people read, never for a deadline.
std::int64_t wall_clock_us();

}  // namespace holdfast
