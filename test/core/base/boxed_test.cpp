#include "core/base/boxed.h"

#include <catch2/catch.hpp>
#include <string>

using holdfast::Boxed;

TEST_CASE("what is not there takes no room beyond a pointer") {
  CHECK(sizeof(Boxed<std::string>) == sizeof(void*));
  Boxed<std::string> none;
  CHECK_FALSE(none);
  CHECK(none == Boxed<std::string>(std::nullopt));
  none.emplace() = "x";
  CHECK(none.has_value());
  none.reset();
  CHECK_FALSE(none.has_value());
}

TEST_CASE("copies of a boxed value are their own, comparisons are those of the values") {
  Boxed<std::string> one(std::string("x"));
  Boxed<std::string> other = one;
  CHECK(one == other);
  *one += "y";
  CHECK(*other == "x");
  CHECK_FALSE(one == other);
  CHECK_FALSE(one == Boxed<std::string>());
  other = one;
  CHECK(other->size() == 2);
  other = std::nullopt;
  CHECK_FALSE(other);
  CHECK(one);
}

TEST_CASE("an optional can be put into a box") {
  CHECK(*Boxed<int>(std::optional(7)) == 7);
  CHECK_FALSE(Boxed<int>(std::optional<int>()));
}
