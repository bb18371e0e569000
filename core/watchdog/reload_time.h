// The text of a reload_time_file (behaviour.md c): HH:MM:SS, or [YY]YY-MM-DD HH:MM:SS, either with Z for UTC, else local time.
// TimedReload reads the file and asks here when that is. Absent: the file, and any clock.
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

namespace holdfast::watchdog {

struct ReloadTime {
  std::optional<std::tm> date;  ///< only its date counts; nothing = every day
  int second_of_day = 0;        ///< 0..86399
  bool utc = false;

  /// The first such time at or after `now`, in seconds since 1970; nothing for a date that has passed.
  std::optional<std::time_t> next(std::time_t now) const;
};

/// Nothing for anything else, and for a date that does not exist.
std::optional<ReloadTime> parse_reload_time(std::string_view text);

}  // namespace holdfast::watchdog
