#include "core/config/machine_blocks.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

Loaded checked(const std::string& text) {
  FakeMachine machine;
  machine.missing_interfaces = {"eth9", "new0"};
  machine.drivers["mac0"] = "macvlan";
  Loaded loaded = load_text(text);
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  return loaded;
}
int code(const std::string& text) {
  return exit_code(checked(text).diagnostics);
}

}  // namespace

TEST_CASE("interfaces that blocks of the root name must exist") {
  CHECK(mentions(checked("static_ipaddress {\n 10.3.0.1/24 dev eth9\n}\n"),
                 "k.conf:2:18: WARNING - interface eth9 for ip address 10.3.0.1/24 doesn't exist"));
  CHECK(code("static_ipaddress {\n 10.3.0.1/24 dev eth9\n}\n") == 5);
  CHECK(code("static_ipaddress {\n 10.3.0.1/24 dev eth0\n}\n") == 0);
  CHECK(code("garp_group {\n garp_interval 1\n interface eth9\n}\n") == 5);
  CHECK(code("garp_group {\n garp_interval 1\n interfaces {\n eth9\n }\n}\n") == 5);
  CHECK(code("global_defs {\n dynamic_interfaces\n}\nstatic_ipaddress {\n 10.3.0.1/24 dev eth9\n}\n") == 0);
}

TEST_CASE("delays and polling of a missing interface exit with 4, as keepalived's") {
  CHECK(code("interface_up_down_delays {\n eth9 3\n}\n") == 4);
  CHECK(code("linkbeat_interfaces {\n eth9\n}\n") == 4);
  CHECK(code("linkbeat_interfaces {\n eth0\n}\n") == 0);
}

TEST_CASE("the name of a VMAC is free, or that of one") {
  CHECK(mentions(checked(instance("use_vmac eth1")), "k.conf:7:10: (I) interface eth1 exists and is no macvlan"));
  CHECK(code(instance("use_vmac eth1")) == 5);
  CHECK(code(instance("use_vmac new0")) == 0);
  CHECK(code(instance("use_vmac mac0")) == 0);
  CHECK(code(instance("use_ipvlan mac0 10.0.0.7")) == 5);
  CHECK(code(instance("use_ipvlan name new0 10.0.0.7")) == 0);
}
