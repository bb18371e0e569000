// What -t says, for programs: `--config-test=json` prints one JSON list on stdout, an object for each diagnostic.
#pragma once

#include <string>

#include "core/config/load.h"

namespace holdfast::watchdog {

/// [{"file", "line", "column", "severity", "code", "message", "expected", "hint", "definitions"}]; line and column count
/// from 1 and are missing, as the file is, where a diagnostic concerns the whole configuration. `severity` is note, warning,
/// error or fatal; `code` says what keepalived's -t exits with for it: none 0, general 5, fatal 4, script-security 6,
/// given-up 2. UTF-8 whatever the configuration holds.
std::string json_report(const config::Loaded& loaded);

}  // namespace holdfast::watchdog
