#include <catch2/catch.hpp>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("blocks of later versions give one note for each keyword") {
  const Loaded loaded =
      load_text("bfd_instance b {\n neighbor_ip 10.0.0.1\n}\nbfd_instance c {\n neighbor_ip 10.0.0.2\n}\n");
  CHECK(messages(loaded, Severity::Warning).empty());
  CHECK(messages(loaded, Severity::Note).size() == 2);
}

TEST_CASE("names are needed, and taken once") {
  CHECK(mentions(load_text("vrrp_instance {\n}\n"), "vrrp_instance must have a name"));
  CHECK(exit_code(load_text("vrrp_script {\n script /x\n}\n").diagnostics) == 2);
  const Loaded twice = load_text(instance("priority 1") + instance("priority 2\nbad"));
  REQUIRE(twice.config.vrrp_instances.size() == 1);
  CHECK(twice.config.vrrp_instances[0].priority == 1);
  CHECK(messages(twice).size() == 1);
}

TEST_CASE("a script block without a script is removed") {
  const Loaded loaded = load_text("vrrp_script S {\n interval 1\n}\n");
  CHECK(mentions(loaded, "No script set for vrrp_script S - removing"));
  CHECK(loaded.config.vrrp_scripts.empty());
}

TEST_CASE("small lists of the root are checked") {
  CHECK_FALSE(load_text("interface_up_down_delays {\n eth0 5 6\n}\nlinkbeat_interfaces {\n eth0 MII\n eth1\n}\n"
                        "static_ipaddress {\n 10.0.0.1 dev e no_track\n}\n")
                  .diagnostics.has(Severity::Warning));
  CHECK(mentions(load_text("interface_up_down_delays {\n eth0 256\n}\n"), "outside range [0, 255]"));
  CHECK(mentions(load_text("linkbeat_interfaces {\n eth0 MMI\n}\n"), "did you mean 'MII'?"));
}
