#include "core/config/block_lines.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
Node block(const std::string& lines) {
  return load_text("vrrp_instance I {\n" + lines + "\n}\n").tree.roots.at(0);
}
}  // namespace

TEST_CASE("of a keyword that is repeated the last line counts") {
  const Node node = block("strict_mode on\nstrict_mode off\nmcast_src_ip 10.0.0.9/24");
  const BlockLines lines(node);
  CHECK(lines.boolean("strict_mode") == false);
  CHECK(lines.at("strict_mode").line == 3);
  CHECK(lines.address("mcast_src_ip") == IpAddress::parse("10.0.0.9"));
}

TEST_CASE("a keyword alone is true, a wrong one is nothing, a missing one has the place of the block") {
  const Node node = block("strict_mode\nowner_ignore_adverts perhaps");
  const BlockLines lines(node);
  CHECK(lines.boolean("strict_mode") == true);
  CHECK(lines.boolean("owner_ignore_adverts") == std::nullopt);
  CHECK(lines.boolean("accept") == std::nullopt);
  CHECK(lines.at("accept").line == 1);
  CHECK_FALSE(lines.address("strict_mode"));
}

TEST_CASE("the lines of all blocks of a keyword are listed in order") {
  const Node node = block("track_script {\nA\nB\n}\ntrack_script {\nC\n}");
  const BlockLines lines(node);
  REQUIRE(lines.entries("track_script").size() == 3);
  CHECK(lines.entries("track_script")[2]->words.front() == "C");
  CHECK(lines.entries("track_file").empty());
}
