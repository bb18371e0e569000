#include "core/watchdog/reload_time.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

using namespace holdfast::watchdog;

namespace {

constexpr std::time_t kNoon = 1'700'049'600;  // 2023-11-15 12:00:00 UTC

std::optional<std::time_t> next(const char* text, std::time_t now = kNoon) {
  const auto time = parse_reload_time(text);
  return time ? time->next(now) : std::nullopt;
}

/// Local time for the length of a test.
struct Zone {
  explicit Zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
};

}  // namespace

TEST_CASE("a time of day is today's, or tomorrow's once it has passed") {
  CHECK(next("13:00:00Z") == kNoon + 3600);
  CHECK(next("12:00:00Z") == kNoon);
  CHECK(next("11:59:59Z") == kNoon + 86399);
  CHECK(next(" 12:00:01Z\n") == kNoon + 1);
}

TEST_CASE("a date has two or four digits of the year, and is once") {
  CHECK(next("2023-11-15 12:00:10Z") == kNoon + 10);
  CHECK(next("23-11-16 12:00:00Z") == kNoon + 86400);
  CHECK_FALSE(next("2023-11-15 11:59:59Z"));
  CHECK(next("2024-02-29 00:00:00Z").has_value());
}

TEST_CASE("without Z a time is local") {
  const Zone zone("XYZ-2");  // two hours east
  CHECK(next("14:00:05") == kNoon + 5);
  CHECK(next("2023-11-15 14:00:05") == kNoon + 5);
}

TEST_CASE("a local day that loses an hour still has its time of day") {
  const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  constexpr std::time_t kEveningBefore = 1'711'825'200;  // 2024-03-30 20:00:00 local
  CHECK(next("19:00:00", kEveningBefore) == kEveningBefore + 22 * 3600);
}

TEST_CASE("what is no time is none") {
  for (const char* text : {"", "Z", "12:00", "24:00:00", "12:60:00", "12:00:60", "1:00:00", "12:00:00 x", "12-00-00",
                           "2023-02-29 00:00:00", "2023-13-01 00:00:00", "2023-00-10 00:00:00", "2023-01-00 00:00:00",
                           "023-01-01 00:00:00", "1969-01-01 00:00:00", "2023-11-15", "2023-11-1512:00:00", "now",
                           "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_reload_time(text));
  }
}
