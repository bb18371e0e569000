#include "core/config/schema/routing_lists.h"

#include <catch2/catch.hpp>

#include "core/config/write.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("lines that cannot be used are left out, the others stay in their order") {
  const Loaded loaded = load_text(
      instance("virtual_routes {\n 10.1.0.0/16 dev a\n 10.2.0.0/16 nosuch b\n 10.3.0.0/16 via 2001:db8::1\n blackhole "
               "10.4.0.0/16\n}\nvirtual_rules {\n from 10.1.0.0/16\n table 5 preference 7\n}\n"));
  const VrrpInstance& instance = loaded.config.vrrp_instances.at(0);
  REQUIRE(instance.virtual_routes.size() == 2);
  CHECK(instance.virtual_routes[1].words == std::vector<std::string>{"blackhole", "10.4.0.0/16"});
  REQUIRE(instance.virtual_rules.size() == 1);
  CHECK(instance.virtual_rules[0].spec.preference == 7);
}

TEST_CASE("static entries are read from every block of their kind and written back as they were") {
  const std::string text =
      "static_ipaddress {\n 10.3.0.1/24 dev a\n}\nstatic_routes {\n 10.1.0.0/16 via 10.0.0.1 table main dev a\n}\n"
      "static_rules {\n from 10.1.0.0/16 table 7 preference 0x10\n}\nstatic_routes {\n 10.2.0.0/16 dev a\n}\n";
  const Config read = load_text(text).config;
  CHECK(read.static_addresses.size() == 1);
  CHECK(read.static_routes.size() == 2);
  CHECK(read.static_rules.size() == 1);
  CHECK(read.unused_lines.empty());
  Diagnostics diagnostics;
  CHECK(interpret(write(read), diagnostics) == read);
}
