#include "core/watchdog/logic/child.h"

#include <catch2/catch.hpp>
#include <set>

#include "test/core/watchdog/logic/times.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

Child running(std::int64_t since_ms = 0) {
  Child child(Role::Vrrp);
  child.begin_start(at_ms(since_ms));
  child.spawned(100);
  child.ready(1, at_ms(since_ms));
  return child;
}

}  // namespace

TEST_CASE("every state has a name of its own") {
  std::set<std::string> names;
  for (int state = 0; state <= static_cast<int>(ChildState::Stopping); ++state)
    names.insert(name(static_cast<ChildState>(state)));
  CHECK(names.size() == 8);
  CHECK_FALSE(names.contains("?"));
}

TEST_CASE("only a child that is absent or waits has no process") {
  Child child(Role::Vrrp);
  CHECK_FALSE(child.alive());
  child.begin_start(at_ms(0));
  CHECK(child.alive());
  CHECK(*child.limit() == at_ms(10'000));
  child.ready(1, at_ms(5));
  CHECK(child.alive());
  CHECK_FALSE(child.limit());
  child.died("x", at_ms(10));
  CHECK_FALSE(child.alive());
  CHECK(child.state() == ChildState::Waiting);
}

TEST_CASE("a child that ran and was heard died when its exit was seen") {
  Child child = running();
  child.died("pid 100 exited", at_ms(90));
  CHECK(child.died_at() == at_ms(90));
  CHECK(child.last_death() == "pid 100 exited");
}

TEST_CASE("a child that was not heard for long died when it was last heard of") {
  Child child = running();
  child.heartbeat.ping(at_ms(100));
  child.heartbeat.answered(1, at_ms(101));
  child.died("x", at_ms(8000));
  CHECK(child.died_at() == at_ms(100));
}

TEST_CASE("a child that was killed for its silence died when it was last heard of") {
  Child child = running();
  child.heartbeat.ping(at_ms(100));
  child.heartbeat.answered(1, at_ms(101));
  child.kill(at_ms(300));
  CHECK(*child.limit() == at_ms(350));
  child.died("x", at_ms(301));
  CHECK(child.died_at() == at_ms(100));
}

TEST_CASE("a child that ended before it said anything leaves its predecessor's time") {
  Child child = running();
  child.died("x", at_ms(90));
  child.begin_start(at_ms(95));
  child.died("x", at_ms(500));
  CHECK(child.died_at() == at_ms(90));
  child.begin_start(at_ms(600));
  child.spoke(at_ms(610));
  child.died("x", at_ms(620));
  CHECK(child.died_at() == at_ms(620));
  child.begin_start(at_ms(700));
  child.died("x", at_ms(710));
  CHECK(child.died_at() == at_ms(620));
}

TEST_CASE("a first child that never said anything leaves no time at all") {
  Child child(Role::Vrrp);
  child.begin_start(at_ms(0));
  child.died("x", at_ms(10));
  CHECK(child.died_at() == TimePoint{});
}

TEST_CASE("restarts count starts after a death, not the first") {
  Child child = running();
  CHECK(child.restarts() == 0);
  child.died("x", at_ms(10));
  child.begin_start(at_ms(10));
  CHECK(child.restarts() == 1);
}

TEST_CASE("while a VIP can still be kept the wait is a quarter of the time left, at least 10 ms") {
  Child child = running();
  for (int i = 0; i < 8; ++i) {
    child.died("x", at_ms(10));
    child.begin_start(at_ms(10));
  }
  child.died("x", at_ms(10));
  CHECK(child.wait(at_ms(10)) == milliseconds(6'400));
  child.will.change({{"V", at_ms(0), seconds(1), seconds(3), {}}}, {});
  child.will.testator_died(at_ms(10));
  CHECK(child.wait(at_ms(10)) == microseconds(747'500));
  CHECK(*child.limit() == at_ms(10) + microseconds(747'500));
  CHECK(child.wait(at_ms(2999)) == milliseconds(10));
  CHECK(child.wait(at_ms(3000)) == milliseconds(6'400));
}

TEST_CASE("a child that served is proof that starting works: the deaths before it are forgotten") {
  Child child = running();
  for (int i = 0; i < 8; ++i) {
    child.died("x", at_ms(10));
    child.begin_start(at_ms(10));
  }
  child.ready(1, at_ms(20));
  child.died("x", at_ms(30));
  child.begin_start(at_ms(130));
  child.died("x", at_ms(140));
  CHECK(child.wait(at_ms(140)) == Duration::zero());
}

TEST_CASE("core's own sleep is forgiven to whoever is expected to speak") {
  Child starting(Role::Vrrp);
  starting.begin_start(at_ms(0));
  starting.forgive(at_ms(12'000));
  CHECK(*starting.limit() == at_ms(13'000));
  starting.forgive(at_ms(12'000));
  CHECK(*starting.limit() == at_ms(13'000));
  Child child = running();
  child.died("x", at_ms(10));
  const auto limit = child.limit();
  child.forgive(at_ms(12'000));
  CHECK(child.limit() == limit);
}
