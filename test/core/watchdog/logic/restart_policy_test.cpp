#include "core/watchdog/logic/restart_policy.h"

#include <catch2/catch.hpp>
#include <csignal>

using namespace holdfast::watchdog;

TEST_CASE("exit statuses 1, 2 and 4 are permanent, everything else is followed by a restart (behaviour.md c)") {
  for (int status = 0; status < 256; ++status) {
    const auto code = permanent_error({Role::Vrrp, 7, false, status, false});
    const bool permanent = status == 1 || status == 2 || status == 4;
    CHECK(code.has_value() == permanent);
    if (code) CHECK(*code == status);
  }
}

TEST_CASE("signals 1, 2 and 4 are not exit statuses, and an unknown end is not permanent") {
  for (const int number : {1, 2, 4}) {
    CHECK_FALSE(permanent_error({Role::Vrrp, 7, true, number, false}));
    CHECK_FALSE(permanent_error({Role::Vrrp, 7, false, number, true}));
  }
}

TEST_CASE("an obituary says how it ended") {
  CHECK(obituary({Role::Vrrp, 7, false, 3, false}) == "pid 7 exited with status 3");
  CHECK(obituary({Role::Vrrp, 7, true, SIGKILL, false}) == "pid 7 exited due to signal 9 (Killed)");
  CHECK(obituary({Role::Vrrp, 7, false, 0, true}) == "pid 7 exited (adopted, how is not known)");
}

TEST_CASE("roles have keepalived's titles") {
  CHECK(std::string(title(Role::Vrrp)) == "VRRP");
  CHECK(std::string(title(Role::Checker)) == "Healthcheck");
}
