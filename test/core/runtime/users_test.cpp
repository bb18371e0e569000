#include "core/runtime/users.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("users and groups of the local files are found, others are not") {
  const auto root = find_user("root");
  REQUIRE(root);
  CHECK(root->uid == 0);
  CHECK(root->groups == std::vector<gid_t>{0});
  CHECK_FALSE(find_user("no-such-user-here"));
  CHECK(find_group("root") == std::optional<gid_t>(0));
  CHECK_FALSE(find_group("no-such-group-here"));
  CHECK(user_name(0) == std::optional<std::string>("root"));
  CHECK_FALSE(user_name(987'654));
}
