#include "checker/logic/group_index.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("a group is found by its name, and no name finds none") {
  config::Config config;
  for (const char* name : {"one", "two", ""}) {
    config.virtual_server_groups.push_back({});
    config.virtual_server_groups.back().name = name;
  }
  const checker::GroupIndex groups(config);
  CHECK(groups.find("two") == &config.virtual_server_groups[1]);
  CHECK(groups.find("three") == nullptr);
  CHECK(groups.find("") == nullptr);
  CHECK(checker::GroupIndex().find("one") == nullptr);
}
