#include "core/base/shared.h"

#include <catch2/catch.hpp>
#include <string>

using holdfast::Shared;

TEST_CASE("copies are one until one of them changes") {
  Shared<std::string> one("x");
  Shared<std::string> other = one;
  CHECK(&*one == &*other);
  other.own() += "y";
  CHECK(*one == "x");
  CHECK(*other == "xy");
  CHECK_FALSE(one == other);
}

TEST_CASE("two that are alike become one, others do not") {
  const Shared<std::string> one("x");
  Shared<std::string> same("x");
  Shared<std::string> other("y");
  same.share_with(one);
  other.share_with(one);
  CHECK(&*same == &*one);
  CHECK(*other == "y");
}
