// A child has died: is it brought back, and what does the log say of it (behaviour.md b.2, c; log_lines.md section 1).
#pragma once

#include <optional>
#include <string>

#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// The exit code with which the whole daemon must end, for a death that a restart cannot cure: exit statuses 1 (fatal),
/// 2 (configuration) and 4 (missing permission). Any other death is followed by a restart.
std::optional<int> permanent_error(const Exited& death);

/// "pid N exited due to signal S (NAME)" or "pid N exited with status S".
std::string obituary(const Exited& death);

}  // namespace holdfast::watchdog
