#include "vrrp/auto_priority.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("lateness raises the real-time priority one step at a time, up to max_auto_priority") {
  vrrp::AutoPriority priority(0, 2, seconds(1));
  CHECK_FALSE(priority.after(milliseconds(999)));
  CHECK(priority.after(seconds(1)) == std::optional<int>(1));
  CHECK(priority.after(seconds(5)) == std::optional<int>(2));
  CHECK_FALSE(priority.after(seconds(5)));
}

TEST_CASE("without max_auto_priority, or above it, nothing is raised") {
  CHECK_FALSE(vrrp::AutoPriority(0, 0, seconds(1)).after(seconds(9)));
  CHECK_FALSE(vrrp::AutoPriority(0, -1, seconds(1)).after(seconds(9)));
  CHECK_FALSE(vrrp::AutoPriority(50, 40, seconds(1)).after(seconds(9)));
}
