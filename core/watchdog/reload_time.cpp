#include "core/watchdog/reload_time.h"

#include <array>

namespace holdfast::watchdog {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// `digits` digits and, unless it is 0, the character behind them.
std::optional<int> take(std::string_view& text, std::size_t digits, char behind) {
  if (text.size() < digits + (behind != 0 ? 1 : 0)) return std::nullopt;
  int value = 0;
  for (std::size_t at = 0; at < digits; ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  if (behind != 0 && text[digits] != behind) return std::nullopt;
  text.remove_prefix(digits + (behind != 0 ? 1 : 0));
  return value;
}

int days_of(int year, int month) {
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

std::optional<std::tm> take_date(std::string_view& text) {
  const bool century = text.find('-') == 4;
  const auto year = take(text, century ? 4 : 2, '-');
  const auto month = take(text, 2, '-');
  const auto day = take(text, 2, ' ');
  if (!year || !month || !day || *month < 1 || *month > 12) return std::nullopt;
  const int full_year = century ? *year : 2000 + *year;
  if (full_year < 1970 || *day < 1 || *day > days_of(full_year, *month)) return std::nullopt;
  std::tm date{};
  date.tm_year = full_year - 1900;
  date.tm_mon = *month - 1;
  date.tm_mday = *day;
  return date;
}

std::time_t moment(std::tm date, int second_of_day, bool utc) {
  date.tm_hour = second_of_day / 3600;
  date.tm_min = second_of_day / 60 % 60;
  date.tm_sec = second_of_day % 60;
  date.tm_isdst = -1;
  return utc ? timegm(&date) : mktime(&date);
}

}  // namespace

std::optional<std::time_t> ReloadTime::next(std::time_t now) const {
  if (date) {
    const std::time_t when = moment(*date, second_of_day, utc);
    return when >= now ? std::optional(when) : std::nullopt;
  }
  std::tm today{};
  if ((utc ? gmtime_r(&now, &today) : localtime_r(&now, &today)) == nullptr) return std::nullopt;
  const std::time_t when = moment(today, second_of_day, utc);
  if (when >= now) return when;
  ++today.tm_mday;
  return moment(today, second_of_day, utc);
}

std::optional<ReloadTime> parse_reload_time(std::string_view text) {
  while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  ReloadTime time;
  time.utc = text.ends_with('Z');
  if (time.utc) text.remove_suffix(1);
  if (text.find('-') != std::string_view::npos) {
    time.date = take_date(text);
    if (!time.date) return std::nullopt;
  }
  const auto hour = take(text, 2, ':');
  const auto minute = take(text, 2, ':');
  const auto second = take(text, 2, 0);
  if (!hour || !minute || !second || !text.empty() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  time.second_of_day = *hour * 3600 + *minute * 60 + *second;
  return time;
}

}  // namespace holdfast::watchdog
