#include "core/runtime/heap_trim.h"

#include <catch2/catch.hpp>

#include "core/runtime/clock.h"

using namespace holdfast;

TEST_CASE("the heap is trimmed at once and once more later") {
  EventLoop loop;
  int trims = 0;
  HeapTrim heap(
      loop, [&] { ++trims; }, milliseconds(20));
  const TimePoint asked = now();
  heap.now_and_later();
  CHECK(trims == 1);
  REQUIRE(loop.run_until([&] { return trims == 2; }, now() + seconds(5)));
  CHECK(now() - asked >= milliseconds(20));
  CHECK_FALSE(loop.run_until([&] { return trims == 3; }, now() + milliseconds(50)));
}

TEST_CASE("asked twice, the heap is trimmed once, later") {
  EventLoop loop;
  int trims = 0;
  HeapTrim heap(
      loop, [&] { ++trims; }, milliseconds(20));
  heap.later();
  const TimePoint asked = now();
  heap.later();
  REQUIRE(loop.run_until([&] { return trims == 1; }, now() + seconds(5)));
  CHECK(now() - asked >= milliseconds(20));
  CHECK_FALSE(loop.run_until([&] { return trims == 2; }, now() + milliseconds(50)));
}

TEST_CASE("the real one can be called") {
  EventLoop loop;
  HeapTrim heap(loop);
  heap.now_and_later();
}
