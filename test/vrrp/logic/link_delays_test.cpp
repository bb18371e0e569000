#include "vrrp/logic/link_delays.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

constexpr TimePoint at(std::int64_t ms) {
  return TimePoint(milliseconds(ms));
}
LinkChanged link(bool up, const char* name = "eth0", std::uint32_t index = 2) {
  LinkChanged fact;
  fact.index = index;
  fact.name = name;
  fact.up = up;
  return fact;
}
LinkDelays delays() {
  LinkDelays made;
  made.configure({{"eth0", milliseconds(500), seconds(2), {}}});
  return made;
}

}  // namespace

TEST_CASE("a change counts when it has lasted") {
  LinkDelays held = delays();
  const LinkChanged up = link(true);
  CHECK(held.hold(link(false), &up, at(0)).up);
  CHECK(held.next_deadline() == at(500));
  CHECK(held.due(at(499)).empty());
  const auto due = held.due(at(500));
  REQUIRE(due.size() == 1);
  CHECK(due[0] == link(false));
  CHECK_FALSE(held.next_deadline());
  const LinkChanged down = link(false);
  CHECK_FALSE(held.hold(up, &down, at(1000)).up);
  CHECK(held.next_deadline() == at(3000));
}

TEST_CASE("a change that does not last never was") {
  LinkDelays held = delays();
  const LinkChanged up = link(true);
  held.hold(link(false), &up, at(0));
  LinkChanged back = link(true);
  back.mtu = 9000;
  CHECK(held.hold(back, &up, at(100)) == back);
  CHECK_FALSE(held.next_deadline());
}

TEST_CASE("what else changes meanwhile is told at once, and the wait is not longer for it") {
  LinkDelays held = delays();
  const LinkChanged up = link(true);
  held.hold(link(false), &up, at(0));
  LinkChanged other = link(false);
  other.mtu = 9000;
  const LinkChanged shown = held.hold(other, &up, at(400));
  CHECK(shown.mtu == 9000);
  CHECK(shown.up);
  CHECK(held.due(at(500)) == std::vector{other});
}

TEST_CASE("links without a delay, new ones and removed ones wait for nothing") {
  LinkDelays held = delays();
  const LinkChanged other = link(true, "eth1", 3);
  CHECK_FALSE(held.hold(link(false, "eth1", 3), &other, at(0)).up);
  CHECK_FALSE(held.hold(link(false), nullptr, at(0)).up);
  CHECK_FALSE(held.next_deadline());
  const LinkChanged up = link(true);
  held.hold(link(false), &up, at(0));
  held.removed(2);
  CHECK_FALSE(held.next_deadline());
}
