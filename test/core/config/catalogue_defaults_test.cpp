#include "core/config/catalogue_defaults.h"

#include <catch2/catch.hpp>

using namespace holdfast::config;

TEST_CASE("a default stated for a block counts before that for every block") {
  CHECK(stated_default("virtual_server", "delay_loop") == "60");
  CHECK(stated_default("TCP_CHECK", "delay_loop") == "that of the real_server");
  CHECK(stated_default("TCP_CHECK", "no such keyword").empty());
}
