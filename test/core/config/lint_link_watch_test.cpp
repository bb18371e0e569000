#include "core/config/lint_link_watch.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Loaded delayed(const std::string& delay, const std::string& lines) {
  return load_text("interface_up_down_delays {\n " + delay + "\n}\n" + instance(lines));
}

}  // namespace

TEST_CASE("a delay is shorter than the adverts that may be lost") {
  const Loaded fits = delayed("eth0 1.9 0.5", " advert_int 1");
  REQUIRE(fits.config.interface_delays.size() == 1);
  CHECK(fits.config.interface_delays[0].down == milliseconds(1900));
  CHECK(exit_code(fits.diagnostics) == 0);
  const Loaded long_one = delayed("eth0 0 2", " advert_int 1");
  CHECK(mentions(long_one,
                 "k.conf:2:2: warning: I: interface eth0 debounce timer(s) not less than 2 * advert_int - resetting"));
  CHECK(long_one.config.interface_delays[0].up == Duration::zero());
  CHECK(exit_code(long_one.diagnostics) == 5);
}

TEST_CASE("an interface that is tracked counts too, one that nobody uses does not") {
  CHECK(mentions(delayed("eth7 3", " track_interface {\n  eth7\n }"), "interface eth7 debounce"));
  CHECK_FALSE(mentions(delayed("eth8 200", ""), "debounce"));
  CHECK(
      mentions(delayed("eth0 0.1", " down_timer_adverts 1"), "cannot use debounce timers with down_timer_adverts = 1"));
}
