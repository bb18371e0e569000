// keepalived_check.data: what SIGUSR1 asks for.
#pragma once

#include <cstdint>
#include <string>

#include "checker/logic/engine.h"

namespace holdfast::checker {

struct DumpTime {
  TimePoint now;             ///< of the monotonic clock …
  std::int64_t wall_us = 0;  ///< … and the same instant since 1970, microseconds
};

std::string data_text(const config::Config& config, const EngineView& view, const DumpTime& time);

}  // namespace holdfast::checker
