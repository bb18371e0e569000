#include "core/config/schema/link_watch.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("a group of interfaces has its own paces, and an interface stays in its first group") {
  const Loaded loaded = load_text(
      "garp_group {\n garp_interval 0.5\n interface eth0\n interfaces {\n  eth1\n  eth2 eth1\n }\n}\n"
      "garp_group {\n gna_interval 2\n interfaces {\n  eth2\n  eth3\n }\n}\n"
      "garp_group {\n interface eth9\n}\n");
  REQUIRE(loaded.config.garp_groups.size() == 2);
  const GarpGroup& first = loaded.config.garp_groups[0];
  CHECK(first.garp_interval == milliseconds(500));
  CHECK(first.gna_interval == Duration::zero());
  CHECK(first.interfaces == std::vector<std::string>{"eth0", "eth1", "eth2"});
  CHECK(loaded.config.garp_groups[1].interfaces == std::vector<std::string>{"eth3"});
}
