#include "core/config/schema/route_values.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

TEST_CASE("numbers are decimal, octal or hexadecimal and bounded") {
  CHECK(small_number("0x10", 16) == 16);
  CHECK(small_number("010", 16) == 8);
  CHECK_FALSE(small_number("17", 16));
  CHECK_FALSE(small_number("", 16));
  CHECK_FALSE(small_number("1x", 16));
  CHECK_FALSE(small_number("99999999999999999999999", 16));
}

TEST_CASE("values of routes and rules are recognised") {
  CHECK(time_value().good("20ms"));
  CHECK(time_value().good("2.5s"));
  CHECK_FALSE(time_value().good("2.5ms"));
  CHECK_FALSE(time_value().good("s"));
  CHECK(label_stack().good("16/17"));
  CHECK_FALSE(label_stack().good("16/"));
  CHECK_FALSE(label_stack().good("1048576"));
  CHECK(port_range().good("80"));
  CHECK(port_range().good("80-90"));
  CHECK_FALSE(port_range().good("80-65536"));
  CHECK_FALSE(rule_table_value().good("0"));
  CHECK(rule_table_value().good("main"));
  CHECK(locator().good("1:2:3:4"));
  CHECK_FALSE(locator().good("1:2:3"));
}
