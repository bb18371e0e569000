#include "core/base/few.h"

#include <catch2/catch.hpp>
#include <string>

using holdfast::Few;

TEST_CASE("an empty list takes no room beyond a pointer") {
  CHECK(sizeof(Few<std::string>) == sizeof(void*));
  const Few<std::string> none;
  CHECK(none.empty());
  CHECK(none.begin() == none.end());
  CHECK(none == Few<std::string>(std::vector<std::string>{}));
}

TEST_CASE("it reads and grows as a list does, and copies are their own") {
  Few<int> list{1, 2};
  list.push_back(3);
  Few<int> other = list;
  for (int& number : other) number *= 2;
  CHECK(list.list() == std::vector<int>{1, 2, 3});
  CHECK(other.list() == std::vector<int>{2, 4, 6});
  CHECK(other[1] == 4);
  CHECK(other.front() + other.back() == 8);
  CHECK_FALSE(list == other);
}

TEST_CASE("what becomes empty is one that never had anything") {
  Few<int> list{1, 2};
  list.erase_if([](int number) { return number < 3; });
  CHECK(list == Few<int>());
  list.change([](std::vector<int>& numbers) { numbers.assign(2, 7); });
  CHECK(list.take() == std::vector<int>{7, 7});
  CHECK(list.empty());
  CHECK(list.take().empty());
}
