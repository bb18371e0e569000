#include "checker/logic/check_pool.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

const TimePoint kNow = from_us(1'000'000'000);

/// The pool never looks into a service: any address will do.
BalancedService* service(std::uintptr_t number) {
  return reinterpret_cast<BalancedService*>(number * 64);
}

}  // namespace

TEST_CASE("equal checks are one run; other endpoints, timings or no merging are others") {
  CheckPool pool;
  const auto first = pool.subscribe(test::tcp_check(), {service(1), 0}, true);
  CHECK(first.is_new);
  const auto second = pool.subscribe(test::tcp_check(), {service(2), 3}, true);
  CHECK_FALSE(second.is_new);
  CHECK(second.run == first.run);
  CHECK(pool.find(first.run->id())->subscribers.size() == 2);
  CHECK(pool.subscribe(test::tcp_check("10.0.0.2"), {service(1), 0}, true).is_new);
  config::Check slower = test::tcp_check();
  slower.timing.delay_loop = seconds(7);
  CHECK(pool.subscribe(slower, {service(1), 0}, true).is_new);
  CHECK(pool.subscribe(test::tcp_check(), {service(1), 0}, false).is_new);
}

TEST_CASE("a check goes when its last subscriber does") {
  CheckPool pool;
  CheckRun* run = pool.subscribe(test::tcp_check(), {service(1), 0}, true).run;
  pool.subscribe(test::tcp_check(), {service(2), 0}, true);
  pool.release(service(1), {run});
  CHECK(pool.collect({run}).empty());
  pool.release(service(2), {run, run});
  CHECK(pool.collect({run, run}).size() == 1);
  CHECK(pool.size() == 0);
  CHECK(pool.subscribe(test::tcp_check(), {service(1), 0}, true).is_new);
}

TEST_CASE("a released check is taken up again with another timing, unless somebody else wants it as it was") {
  CheckPool pool;
  CheckRun* run = pool.subscribe(test::tcp_check(), {service(1), 0}, true).run;
  config::Check slower = test::tcp_check();
  slower.timing.delay_loop = seconds(7);
  pool.release(service(1), {run});
  CHECK(pool.take_up_again(*run, slower, {service(1), 0}, kNow));
  CHECK(run->check().timing.delay_loop == seconds(7));
  pool.subscribe(slower, {service(2), 0}, true);
  pool.release(service(1), {run});
  CHECK_FALSE(pool.take_up_again(*run, test::tcp_check(), {service(1), 0}, kNow));
  CHECK_FALSE(pool.take_up_again(*run, test::tcp_check("10.0.0.2"), {service(1), 0}, kNow));
}

TEST_CASE("what is due comes in the order of its time, each once") {
  CheckPool pool;
  CheckRun* late = pool.subscribe(test::tcp_check("10.0.0.1"), {service(1), 0}, true).run;
  CheckRun* soon = pool.subscribe(test::tcp_check("10.0.0.2"), {service(1), 1}, true).run;
  late->begin(0.0, kNow + seconds(2));
  soon->begin(0.0, kNow + seconds(1));
  pool.reschedule(*late);
  pool.reschedule(*soon);
  pool.reschedule(*soon);
  CHECK(pool.next_deadline() == kNow + seconds(1));
  CHECK(pool.take_due(kNow) == nullptr);
  CheckPool::Entry* first = pool.take_due(kNow + seconds(3));
  REQUIRE(first != nullptr);
  CHECK(&first->run == soon);
  first->run.start();
  CHECK(&pool.take_due(kNow + seconds(3))->run == late);
  late->start();
  CHECK(pool.take_due(kNow + seconds(3)) == nullptr);
}

}  // namespace holdfast::checker
