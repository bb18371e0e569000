#include "core/base/name_set.h"

#include <catch2/catch.hpp>
#include <string>

using holdfast::NameSet;

TEST_CASE("a name is there once, from its insertion to its erasure") {
  NameSet names;
  CHECK_FALSE(names.erase("a"));
  names.insert("a");
  names.insert("a");
  names.insert("");
  CHECK(names.size() == 2);
  CHECK(names.erase("a"));
  CHECK_FALSE(names.erase("a"));
  CHECK(names.erase(""));
  CHECK(names.size() == 0);
}

TEST_CASE("of many names each is found, whatever the order") {
  NameSet names;
  for (int i = 0; i < 1000; ++i) names.insert("V" + std::to_string(i));
  CHECK(names.size() == 1000);
  CHECK_FALSE(names.erase("V1000"));
  for (int i = 999; i >= 500; --i) CHECK(names.erase("V" + std::to_string(i)));
  CHECK(names.size() == 500);
  CHECK_FALSE(names.erase("V500"));
  names.clear();
  CHECK_FALSE(names.erase("V1"));
}
