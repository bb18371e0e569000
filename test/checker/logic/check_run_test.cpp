#include "checker/logic/check_run.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

const TimePoint kNow = from_us(1'000'000'000);
const Verdict kRefused{Failure::ConnectRefused, "Connection refused"};

CheckRun begun(config::Check check = test::tcp_check()) {
  CheckRun run(1, std::move(check));
  run.begin(0.0, kNow);
  return run;
}

/// At its deadline it starts, and the answer comes at once.
CheckRun::Result answered(CheckRun& run, const Verdict& verdict) {
  const TimePoint at = *run.next_deadline();
  run.start();
  return run.on_verdict(verdict, at);
}

}  // namespace

TEST_CASE("the first failure of a check that never ran counts at once, a later one after its retries") {
  CheckRun fresh = begun();
  const CheckRun::Result first = answered(fresh, kRefused);
  CHECK(first.final);
  CHECK_FALSE(fresh.up());
  CheckRun known = begun();
  answered(known, {});
  CHECK_FALSE(answered(known, kRefused).final);
  CHECK(known.up());
  const CheckRun::Result second = answered(known, kRefused);
  CHECK(second.final);
  CHECK(second.retries == 1);
  CHECK_FALSE(known.up());
}

TEST_CASE("a failure of our own says nothing of the server, and is worth a line once") {
  CheckRun run = begun();
  answered(run, {});
  const CheckRun::Result first = answered(run, {Failure::LocalError, "Too many open files"});
  CHECK(first.our_own_fault);
  CHECK(first.transition);
  CHECK_FALSE(first.changed);
  CHECK_FALSE(answered(run, {Failure::LocalError, "Too many open files"}).transition);
  CHECK(run.up());
  answered(run, {});
  CHECK(answered(run, {Failure::LocalError, "Too many open files"}).transition);
}

TEST_CASE("the beat is kept whatever an answer takes") {
  CheckRun run = begun();
  run.start();
  run.on_verdict({}, kNow + seconds(2));
  CHECK(run.next_deadline() == kNow + seconds(6));
  run.start();
  run.on_verdict({}, kNow + seconds(6) + seconds(13));
  CHECK(run.next_deadline() == kNow + seconds(6) + seconds(18));
}

TEST_CASE("nothing is due while a run is in flight or suspended") {
  CheckRun run = begun();
  run.start();
  CHECK_FALSE(run.next_deadline());
  CHECK(run.suspend());
  CHECK_FALSE(run.suspend());
  CHECK_FALSE(run.next_deadline());
  run.resume_running(kNow + seconds(1));
  CHECK(run.next_deadline() == kNow + seconds(1));
}

TEST_CASE("one that must prove itself waits a second at most, whatever the warm-up") {
  config::Check check = test::tcp_check();
  check.timing.warmup = seconds(60);
  check.timing.alpha = true;
  CheckRun alpha(1, check);
  alpha.begin(0.5, kNow);
  CHECK(alpha.next_deadline() == kNow + milliseconds(500));
  check.timing.alpha = false;
  CheckRun ordinary(2, check);
  ordinary.begin(0.5, kNow);
  CHECK(ordinary.next_deadline() == kNow + seconds(30));
}

TEST_CASE("a record carries verdict and count to a successor, within what its configuration allows") {
  CheckRun run = begun();
  answered(run, {});
  answered(run, kRefused);
  const CheckRecord record = run.record();
  CHECK(record.failures == 1);
  CHECK(record.failure == Failure::ConnectRefused);
  CheckRun successor = begun();
  successor.remember(record);
  CHECK(answered(successor, kRefused).final);
  CheckRecord absurd = record;
  absurd.failures = 4'000'000'000U;
  absurd.url = 99;
  CheckRun careful = begun();
  careful.remember(absurd);
  CHECK(careful.record().failures == 1);
  CHECK(careful.record().url == 0);
}

TEST_CASE("the number of a file times the weight is what it adds; a fault of weight 0 is any number but 0") {
  config::Check check;
  check.kind = config::FileCheck{"t", "/run/t", 3, false};
  CheckRun run(1, check);
  CHECK_FALSE(run.next_deadline());
  CHECK(run.on_file(-5, kNow).changed);
  CHECK(run.up());
  CHECK(run.weight_delta(10) == -15);
  run.on_file(INT64_MIN, kNow);
  CHECK_FALSE(run.up());
  check.kind = config::FileCheck{"t", "/run/t", 0, true};
  CheckRun reversed(2, check);
  reversed.on_file(0, kNow);
  CHECK_FALSE(reversed.up());
}

TEST_CASE("misc_dynamic sets the weight itself") {
  config::Check check;
  config::MiscCheck misc;
  misc.dynamic = true;
  misc.command.argv = {"/bin/check"};
  check.kind = misc;
  CheckRun run(1, check);
  run.begin(0.0, kNow);
  run.start();
  run.on_script({1, ScriptOutcome::Exited, 52}, kNow);
  CHECK(run.weight_delta(10) == 40);
  CHECK(run.record().weight == 50);
}

}  // namespace holdfast::checker
