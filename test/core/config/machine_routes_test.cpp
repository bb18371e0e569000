#include "core/config/machine_routes.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

Loaded checked(const std::string& text, const FakeMachine& machine = {}) {
  Loaded loaded = load_text(text);
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  return loaded;
}
Loaded route(const std::string& rest, const FakeMachine& machine = {}) {
  return checked(instance("virtual_routes {\n 10.1.0.0/16 dev eth0 " + rest + "\n}"), machine);
}
Loaded rule(const std::string& line, const FakeMachine& machine = {}) {
  return checked("static_rules {\n preference 5 " + line + "\n}\n", machine);
}
int code(const Loaded& loaded) {
  return exit_code(loaded.diagnostics);
}

}  // namespace

TEST_CASE("names in routes and rules must be known to this machine") {
  CHECK(mentions(route("table nosuch"),
                 "k.conf:8:29: routing table nosuch not found for route - ignoring, expected a "
                 "number, default, local, main, or another name in /etc/iproute2/rt_tables"));
  for (const char* rest :
       {"table nosuch", "scope nosuch", "realms nosuch", "realms 3/nosuch", "tos nosuch", "protocol nosuch no_track",
        "nexthop via 10.0.0.9 realms nosuch", "encap ip id 3 tos nosuch"}) {
    INFO(rest);
    CHECK(code(route(rest)) == 5);
  }
  for (const char* line : {"lookup nosuch", "table 1 dsfield nosuch", "table 1 sup_group nosuch",
                           "table 1 ipproto nosuch", "table 1 realms nosuch"}) {
    INFO(line);
    CHECK(code(rule(line)) == 5);
  }
}

TEST_CASE("numbers, and names that are known, are taken") {
  FakeMachine machine;
  machine.route_names["/etc/iproute2/rt_tables"] = {"300 mgmt\n"};
  machine.route_names["/etc/iproute2/rt_realms"] = {"5 cosmos\n"};
  machine.route_names["/etc/iproute2/rt_dsfield"] = {"0x28 AF11\n"};
  for (const char* rest : {"table mgmt", "table 70000", "table 0x10", "table main", "scope link", "scope 99",
                           "realms cosmos/3", "tos AF11", "tos 0x10", "protocol bgp no_track"}) {
    INFO(rest);
    CHECK(code(route(rest, machine)) == 0);
  }
  CHECK(code(rule("table 1 ipproto tcp", machine)) == 0);
  CHECK(code(rule("table 1 ipproto 6", machine)) == 0);
  CHECK(code(rule("table 1 suppress_ifgroup default", machine)) == 0);
}

TEST_CASE("iproute_etc_dir says where names are") {
  FakeMachine machine;
  machine.route_names["/opt/ip/rt_tables"] = {"300 mgmt\n"};
  const std::string rules = "static_rules {\n table mgmt preference 5\n}\n";
  CHECK(code(checked(rules, machine)) == 5);
  CHECK(code(checked("global_defs {\n iproute_etc_dir /opt/ip\n}\n" + rules, machine)) == 0);
}

TEST_CASE("interfaces of routes and rules must exist, unless interfaces come and go") {
  FakeMachine machine;
  machine.missing_interfaces = {"eth9"};
  const std::string text = instance(
      "virtual_routes {\n 10.1.0.0/16 dev eth9\n}\nvirtual_rules {\n iif eth9 table 1 "
      "preference 5\n}");
  const Loaded loaded = checked(text, machine);
  CHECK(mentions(loaded, "k.conf:8:18: WARNING - interface eth9 for route doesn't exist"));
  CHECK(mentions(loaded, "k.conf:11:6: WARNING - interface eth9 for rule doesn't exist"));
  CHECK(mentions(loaded, "Non-existent interface specified in configuration"));
  CHECK(code(loaded) == 5);
  CHECK(code(checked("global_defs {\n dynamic_interfaces\n}\n" + text, machine)) == 0);
  CHECK(code(route("nexthop via 10.0.0.9 dev eth9", machine)) == 5);
}

TEST_CASE("a VRF must be one") {
  FakeMachine machine;
  machine.missing_interfaces = {"gone"};
  machine.drivers["blue"] = "vrf";
  CHECK(code(route("vrf blue", machine)) == 0);
  CHECK(mentions(route("vrf eth1", machine), "eth1 is no VRF"));
  CHECK(mentions(route("vrf gone", machine), "VRF gone not found"));
}

TEST_CASE("lines that could not be read are not asked about again") {
  const Loaded loaded = route("foo table nosuch");
  CHECK(messages(loaded, Severity::Error).size() == 1);
}
