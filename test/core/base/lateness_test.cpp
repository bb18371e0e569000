#include "core/base/lateness.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("each lateness is counted in the first bucket that holds it") {
  Lateness lateness;
  const auto bucket_of = [](Duration late) {
    Lateness one;
    one.add(late);
    std::size_t found = 99;
    for (std::size_t i = 0; i < one.buckets().size(); ++i) {
      if (one.buckets()[i] == 1) found = i;
    }
    return found;
  };
  CHECK(bucket_of(Duration::zero()) == 0);
  CHECK(bucket_of(microseconds(100)) == 0);
  CHECK(bucket_of(microseconds(101)) == 1);
  CHECK(bucket_of(milliseconds(1)) == 2);
  CHECK(bucket_of(seconds(1)) == 8);
  CHECK(bucket_of(seconds(1) + microseconds(1)) == 9);
  CHECK(bucket_of(seconds(100)) == 9);
}

TEST_CASE("the worst is remembered") {
  Lateness lateness;
  CHECK(lateness.worst() == Duration::zero());
  lateness.add(milliseconds(7));
  lateness.add(milliseconds(3));
  CHECK(lateness.worst() == milliseconds(7));
}
