// One line of the log with everything a sink prints, so that core can print the line of a child in the child's name.
#pragma once

#include <cstdint>
#include <string>

#include "core/log/level.h"

namespace holdfast {

struct LogLine {
  Level level = Level::Info;
  std::int64_t time_us = 0;  ///< since 1970
  std::string ident;         ///< "Keepalived_vrrp"
  int pid = 0;
  std::string text;  ///< one line, no newline at its end
  bool operator==(const LogLine&) const = default;
};

/// Where lines go. Never waits; what cannot be written is counted.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(const LogLine& line) = 0;
  /// Tries again to write what waits inside; to be called now and then.
  virtual void flush() {}
  virtual std::uint64_t lost() const = 0;
};

}  // namespace holdfast
