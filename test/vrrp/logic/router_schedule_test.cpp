#include "vrrp/logic/router_schedule.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

using Ids = std::vector<RouterId>;

}  // namespace

TEST_CASE("nobody scheduled: nothing is next, nothing is due") {
  RouterSchedule schedule;
  CHECK_FALSE(schedule.next());
  CHECK(schedule.due(from_us(1'000'000)).empty());
}

TEST_CASE("who is due comes earliest first, then by id, and stays until set again") {
  RouterSchedule schedule;
  schedule.set(3, from_us(20));
  schedule.set(2, from_us(10));
  schedule.set(1, from_us(20));
  schedule.set(4, from_us(21));
  CHECK(schedule.next() == from_us(10));
  CHECK(schedule.due(from_us(9)).empty());
  CHECK(schedule.due(from_us(20)) == Ids{2, 1, 3});
  CHECK(schedule.due(from_us(20)) == Ids{2, 1, 3});
}

TEST_CASE("a router has one deadline: the last one it was given, or none") {
  RouterSchedule schedule;
  schedule.set(1, from_us(10));
  schedule.set(1, from_us(30));
  schedule.set(1, from_us(30));
  CHECK(schedule.due(from_us(29)).empty());
  CHECK(schedule.due(from_us(30)) == Ids{1});
  CHECK(schedule.next() == from_us(30));
  schedule.set(1, std::nullopt);
  CHECK_FALSE(schedule.next());
  schedule.set(1, std::nullopt);
  CHECK_FALSE(schedule.next());
}

TEST_CASE("who was due and got a new deadline is not asked for before it") {
  RouterSchedule schedule;
  schedule.set(1, from_us(10));
  REQUIRE(schedule.due(from_us(10)) == Ids{1});
  schedule.set(1, from_us(20));
  CHECK(schedule.next() == from_us(20));
}

TEST_CASE("a deadline that moves away again and again is queued again only when the first one has come") {
  RouterSchedule schedule;
  schedule.set(1, from_us(10));
  for (int at = 11; at < 50; ++at) {
    schedule.set(1, from_us(at));
    CHECK(schedule.next() == from_us(10));
  }
  CHECK(schedule.due(from_us(12)).empty());
  CHECK(schedule.next() == from_us(49));
  schedule.set(1, from_us(20));
  CHECK(schedule.next() == from_us(20));
  CHECK(schedule.due(from_us(20)) == Ids{1});
}

}  // namespace holdfast::vrrp
