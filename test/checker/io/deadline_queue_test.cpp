#include "checker/io/deadline_queue.h"

#include <catch2/catch.hpp>
#include <set>

using namespace holdfast;
using namespace holdfast::checker;

TEST_CASE("the earliest living entry is on top, and dead ones go when they are met") {
  DeadlineQueue queue;
  std::set<std::uint64_t> living{1, 2, 3};
  const auto alive = [&living](const QueuedDeadline& entry) { return living.contains(entry.id); };
  CHECK_FALSE(queue.earliest(alive));
  queue.push({from_us(30), 3});
  queue.push({from_us(10), 1});
  queue.push({from_us(20), 2});
  CHECK(queue.earliest(alive)->id == 1);
  living.erase(1);
  living.erase(3);
  CHECK(queue.earliest(alive)->id == 2);
  CHECK(queue.size() == 2);
  queue.pop();
  CHECK_FALSE(queue.earliest(alive));
  CHECK(queue.size() == 0);
}

TEST_CASE("dead entries never are many more than living ones") {
  DeadlineQueue queue;
  const auto alive = [](const QueuedDeadline& entry) { return entry.id == 0; };
  queue.push({from_us(1), 0});
  for (int i = 1; i < 100'000; ++i) {
    queue.push({from_us(100'000 - i), 1});
    queue.sweep(1, alive);
    REQUIRE(queue.size() <= 1026);
  }
  CHECK(queue.earliest(alive)->id == 0);
}
