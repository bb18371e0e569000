#include "test/checker/logic/scenario.h"

#include <catch2/catch.hpp>

#include "test/support/scenario_files.h"

TEST_CASE("every scenario of the checker comes out as written") {
  holdfast::test::check_scenario_files("checker", holdfast::test::run_checker_scenario, 20);
}
