// How grave a line is, and what syslog calls that.
#pragma once

#include <cstdint>

namespace holdfast {

enum class Level : std::uint8_t { Alert, Error, Warning, Info, Detail /* only with -D */ };

/// RFC 3164 severity, 0..7. Detail is Info: keepalived knows no debug lines (behaviour.md b.4).
int syslog_severity(Level level);

}  // namespace holdfast
