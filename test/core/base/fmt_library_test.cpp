#include <catch2/catch.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <locale>

// What fmt leaves to its library is there: numbers of all kinds, locales, times, and errors.
TEST_CASE("everything that fmt's headers leave to the library is linked") {
  CHECK(fmt::format("{} {:g} {:.3f} {:e}", 1.5, 0.1F, 2.0 / 3, 1e300) == "1.5 0.1 0.667 1.000000e+300");
  CHECK(fmt::format("{:>8}|{:08x}|{:#b}|{:+d}", "text", 48879U, 5, 7) == "    text|0000beef|0b101|+7");
  CHECK(fmt::format(std::locale::classic(), "{:L}", 1234567) == "1234567");
  std::tm day{};
  day.tm_year = 126;
  day.tm_mon = 10;
  day.tm_mday = 23;
  CHECK(fmt::format("{:%Y-%m-%d}", day) == "2026-11-23");
  const std::string wrong = "{:s}";
  CHECK_THROWS_AS(fmt::format(fmt::runtime(wrong), 1), fmt::format_error);
}
