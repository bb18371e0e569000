#include "test/core/watchdog/logic/scenario.h"

#include <catch2/catch.hpp>

#include "test/support/scenario_files.h"

TEST_CASE("every watchdog scenario comes out as written") {
  holdfast::test::check_scenario_files("watchdog", holdfast::test::run_watchdog_scenario, 25);
}
