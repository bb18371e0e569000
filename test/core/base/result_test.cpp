#include "core/base/result.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <memory>

#include "core/base/assert.h"

using namespace holdfast;

TEST_CASE("a result is a value, or why there is none") {
  const Result<int> seven(7);
  CHECK(seven);
  CHECK(*seven == 7);
  const Result<int> none(system_error("open", ENOENT));
  CHECK_FALSE(none);
  CHECK(none.error() == Error{"open: No such file or directory", ENOENT});
  CHECK(success().ok());
}

TEST_CASE("a result gives its value away") {
  Result<std::unique_ptr<int>> held(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = *std::move(held);
  CHECK(*taken == 3);
}

TEST_CASE("a contract that holds costs nothing") {
  int evaluated = 0;
  ASSERT(++evaluated == 1);
  CHECK(evaluated == 1);
}
