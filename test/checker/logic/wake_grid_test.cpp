#include "checker/logic/wake_grid.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using checker::kWakeGrid;
using checker::wake_up_for;

TEST_CASE("nobody is woken before something is due") {
  for (std::int64_t us : {0, 1, 3999, 4000, 4001, 7'999'999, 8'000'000}) {
    const TimePoint due = from_us(us);
    CHECK(wake_up_for(due) >= due);
    CHECK(wake_up_for(due) - due < kWakeGrid);
  }
}

TEST_CASE("what is due between two points of the grid shares a wake-up") {
  CHECK(wake_up_for(from_us(1'000'001)) == wake_up_for(from_us(1'003'999)));
  CHECK(wake_up_for(from_us(1'004'000)) == wake_up_for(from_us(1'000'001)));
  CHECK(wake_up_for(from_us(1'004'001)) == from_us(1'008'000));
}

TEST_CASE("what is left of a batch is due at once") {
  const TimePoint woken = wake_up_for(from_us(5'001));
  CHECK(wake_up_for(from_us(5'002)) == woken);
}
