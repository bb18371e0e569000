#include "core/watchdog/io/launcher.h"

#include <catch2/catch.hpp>

using namespace holdfast::watchdog;

// launch() starts the image that runs: what it starts is tested with a real daemon in test/processes.
TEST_CASE("the roles' words on a child's command line are told apart") {
  CHECK(std::string(role_word(Role::Vrrp)) == "vrrp");
  CHECK(std::string(role_word(Role::Checker)) == "checker");
}
