#include "test/support/scenario.h"

#include <catch2/catch.hpp>

#include "test/support/scenario_files.h"

TEST_CASE("every scenario of a virtual router comes out as written") {
  holdfast::test::check_scenario_files("vrrp", holdfast::test::run_scenario, 30);
}
