#include "core/base/rare.h"

#include <catch2/catch.hpp>
#include <string>

using holdfast::Rare;

TEST_CASE("a default value takes no room beyond a pointer") {
  CHECK(sizeof(Rare<std::string>) == sizeof(void*));
  const Rare<std::string> none;
  CHECK(none.empty());
  CHECK(*none == "");
  CHECK(none == Rare<std::string>(""));
}

TEST_CASE("copies are their own, comparisons are those of the values") {
  Rare<std::string> one("x");
  const Rare<std::string> other = one;
  CHECK(one == other);
  one.own() += "y";
  CHECK(*one == "xy");
  CHECK(*other == "x");
  CHECK_FALSE(one == other);
  one = other;
  CHECK(one == other);
  one = "";
  CHECK(one == Rare<std::string>());
}

TEST_CASE("what was made room for and is the default again equals what never was") {
  Rare<int> number;
  number.own() = 3;
  CHECK_FALSE(number == Rare<int>());
  number.own() = 0;
  CHECK(number == Rare<int>());
}
