#include "core/base/flat_set.h"

#include <catch2/catch.hpp>

namespace holdfast {

TEST_CASE("a flat set has each value once, in order, whatever it was made of") {
  const FlatSet<int> made(std::vector<int>{5, 1, 3, 1, 5});
  CHECK(std::vector<int>(made.begin(), made.end()) == std::vector<int>{1, 3, 5});
  CHECK(made == FlatSet<int>{3, 5, 1});
  CHECK(made.contains(3));
  CHECK_FALSE(made.contains(2));
  CHECK_FALSE(FlatSet<int>().contains(0));
  CHECK(FlatSet<int>().empty());
}

TEST_CASE("one more goes to its place in a flat set, or is there already") {
  FlatSet<int> set{1, 5};
  for (const int value : {3, 0, 9, 3}) set.insert(value);
  CHECK(set == FlatSet<int>{0, 1, 3, 5, 9});
  CHECK(set.size() == 5);
}

}  // namespace holdfast
