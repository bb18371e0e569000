#include "core/base/backoff.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("first retry at once, then doubling from 0.1 s to 30 s, for ever") {
  Backoff backoff;
  TimePoint at = from_us(1'000'000);
  std::vector<std::int64_t> delays_ms;
  for (int i = 0; i < 12; ++i) delays_ms.push_back(backoff.after_failure(at, at).count() / 1000);
  CHECK(delays_ms == std::vector<std::int64_t>{0, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000});
  for (int i = 0; i < 1000; ++i) CHECK(backoff.after_failure(at, at) == seconds(30));
  CHECK(backoff.failures() == 1012);
}

TEST_CASE("a quiet minute forgets everything, a second less does not") {
  Backoff backoff;
  const TimePoint start = from_us(0);
  backoff.after_failure(start, start);
  CHECK(backoff.after_failure(start, start + seconds(60) - microseconds(1)) == milliseconds(100));
  CHECK(backoff.after_failure(start, start + seconds(60)) == Duration::zero());
  CHECK(backoff.failures() == 1);
}

TEST_CASE("limits are the caller's") {
  Backoff backoff({milliseconds(5), milliseconds(12), seconds(1)});
  const TimePoint at = from_us(0);
  CHECK(backoff.after_failure(at, at) == Duration::zero());
  CHECK(backoff.after_failure(at, at) == milliseconds(5));
  CHECK(backoff.after_failure(at, at) == milliseconds(10));
  CHECK(backoff.after_failure(at, at) == milliseconds(12));
}
