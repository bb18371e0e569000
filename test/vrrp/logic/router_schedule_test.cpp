#include "vrrp/logic/router_schedule.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

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

TEST_CASE("ids that are not used any more take nothing along") {
  RouterSchedule schedule;
  schedule.set(1, from_us(10));
  schedule.set(2, from_us(30));
  schedule.set(7, from_us(20));
  schedule.set(1, std::nullopt);
  schedule.forget_below(2);
  CHECK(schedule.due(from_us(30)) == Ids{7, 2});
  schedule.forget_below(7);
  CHECK(schedule.due(from_us(30)) == Ids{7});
  schedule.forget_below(100);
  CHECK_FALSE(schedule.next());
  schedule.set(100, from_us(40));
  CHECK(schedule.due(from_us(40)) == Ids{100});
}

TEST_CASE("whatever is set in whatever order, those that are due come, in order, and next() is never late") {
  std::mt19937 random(1);
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  RouterSchedule schedule;
  std::map<RouterId, TimePoint> wanted;
  std::int64_t now = 0;
  for (int round = 0; round < 5000; ++round) {
    const RouterId id = 1 + below(60);
    const TimePoint at = from_us(now + below(100));
    const bool none = below(8) == 0;
    schedule.set(id, none ? std::nullopt : std::optional(at));
    wanted.erase(id);
    if (!none) wanted[id] = at;
    if (below(4) != 0) continue;
    now += below(20);
    std::vector<std::pair<TimePoint, RouterId>> expected;
    for (const auto& [router, when] : wanted) {
      if (when <= from_us(now)) expected.emplace_back(when, router);
    }
    std::ranges::sort(expected);
    Ids ids;
    for (const auto& [when, router] : expected) ids.push_back(router);
    REQUIRE(schedule.due(from_us(now)) == ids);
    const auto late = [&](const auto& one) { return !schedule.next() || *schedule.next() > one.second; };
    REQUIRE(std::ranges::none_of(wanted, late));
  }
}

}  // namespace holdfast::vrrp
