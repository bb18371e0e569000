#include "core/log/level.h"

namespace holdfast {

int syslog_severity(Level level) {
  switch (level) {
    case Level::Alert:
      return 1;
    case Level::Error:
      return 3;
    case Level::Warning:
      return 4;
    case Level::Info:
    case Level::Detail:
      return 6;
  }
  return 6;
}

}  // namespace holdfast
