#include "core/watchdog/logic/heartbeat.h"

#include <catch2/catch.hpp>

#include "test/core/watchdog/logic/times.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {}  // namespace

TEST_CASE("a heartbeat that was not started asks nothing and blames nobody") {
  Heartbeat heartbeat(seconds(1));
  CHECK_FALSE(heartbeat.next_deadline());
  CHECK_FALSE(heartbeat.ping(at_ms(1'000'000)));
  CHECK_FALSE(heartbeat.stuck(at_ms(1'000'000)));
}

TEST_CASE("pings go out every 100 ms as long as they are answered") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  CHECK(*heartbeat.next_deadline() == at_ms(100));
  CHECK_FALSE(heartbeat.ping(at_ms(99)));
  CHECK(heartbeat.ping(at_ms(100)) == 1U);
  CHECK_FALSE(heartbeat.ping(at_ms(150)));
  heartbeat.answered(1, at_ms(101));
  CHECK(*heartbeat.next_deadline() == at_ms(201));
  CHECK(heartbeat.ping(at_ms(201)) == 2U);
}

TEST_CASE("a ping without an answer for a second means stuck") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  heartbeat.ping(at_ms(100));
  CHECK_FALSE(heartbeat.stuck(at_ms(1099)));
  CHECK(heartbeat.stuck(at_ms(1100)));
  CHECK(*heartbeat.next_deadline() == at_ms(1100));
}

TEST_CASE("how long is too long, the role says") {
  CHECK(kVrrpAnswerLimit == seconds(1));
  Heartbeat heartbeat(kCheckerAnswerLimit);
  heartbeat.start(at_ms(0));
  heartbeat.ping(at_ms(100));
  CHECK_FALSE(heartbeat.stuck(at_ms(3099)));
  CHECK(heartbeat.stuck(at_ms(3100)));
}

TEST_CASE("an answer to another question is no answer") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  heartbeat.answered(0, at_ms(50));
  heartbeat.ping(at_ms(100));
  heartbeat.answered(2, at_ms(200));
  heartbeat.answered(0, at_ms(200));
  CHECK(heartbeat.stuck(at_ms(1100)));
}

TEST_CASE("the last proof of work is when the last answered ping was sent") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  CHECK(heartbeat.last_proof() == at_ms(0));
  heartbeat.ping(at_ms(100));
  CHECK(heartbeat.last_proof() == at_ms(0));
  heartbeat.answered(1, at_ms(180));
  CHECK(heartbeat.last_proof() == at_ms(100));
}

TEST_CASE("time that core slept through is forgiven, but proves nothing") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  heartbeat.ping(at_ms(100));
  heartbeat.forgive(at_ms(10'000));
  CHECK_FALSE(heartbeat.stuck(at_ms(10'999)));
  CHECK(heartbeat.stuck(at_ms(11'000)));
  heartbeat.answered(1, at_ms(10'500));
  CHECK(heartbeat.last_proof() == at_ms(100));
}

TEST_CASE("forgiving before anything was asked changes nothing") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  heartbeat.forgive(at_ms(10'000));
  CHECK(*heartbeat.next_deadline() == at_ms(100));
}

TEST_CASE("a stopped heartbeat hears no late answer") {
  Heartbeat heartbeat(seconds(1));
  heartbeat.start(at_ms(0));
  heartbeat.ping(at_ms(100));
  heartbeat.stop();
  heartbeat.answered(1, at_ms(200));
  CHECK(heartbeat.last_proof() == at_ms(0));
  CHECK_FALSE(heartbeat.next_deadline());
}
