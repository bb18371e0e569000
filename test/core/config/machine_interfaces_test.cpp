#include "core/config/machine_interfaces.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
Loaded checked(const std::string& text, const FakeMachine& machine) {
  Loaded loaded = load_text(text);
  lint_interfaces(loaded.tree, loaded.config, machine, false, loaded.diagnostics);
  return loaded;
}
}  // namespace

TEST_CASE("tracked interfaces and those of addresses must exist too") {
  FakeMachine machine;
  machine.missing_interfaces = {"eth8", "eth9"};
  const std::string text = instance("track_interface {\n eth8\n}", "10.0.0.1 dev eth9");
  const Loaded loaded = checked(text, machine);
  CHECK(mentions(loaded, "WARNING - interface eth8 for track_interface of vrrp_instance I doesn't exist"));
  CHECK(mentions(loaded, "WARNING - interface eth9 for ip address 10.0.0.1 doesn't exist"));
  CHECK(loaded.diagnostics.has(Severity::Fatal));
  const Loaded dynamic = checked("global_defs {\n dynamic_interfaces\n}\n" + text, machine);
  CHECK_FALSE(dynamic.diagnostics.has(Severity::Fatal));
  CHECK(exit_code(dynamic.diagnostics) == 0);
}

TEST_CASE("interfaces on which VRRP cannot work are named") {
  FakeMachine machine;
  machine.loopbacks = {"eth0"};
  CHECK(mentions(checked(instance(""), machine), "k.conf:2:12: warning: (I) eth0 is a loopback interface"));
  CHECK(exit_code(checked(instance(""), machine).diagnostics) == 5);
  FakeMachine silent;
  silent.without_multicast = {"eth0"};
  CHECK(mentions(checked(instance(""), silent), "(I) interface eth0 does not support multicast"));
  CHECK_FALSE(mentions(checked(instance("unicast_peer {\n10.0.0.9\n}"), silent), "multicast, specify"));
}

TEST_CASE("a unicast peer that is this host is advised against") {
  FakeMachine machine;
  machine.own_addresses = {*IpAddress::parse("10.0.0.9")};
  const Loaded loaded = checked(instance("unicast_peer {\n10.0.0.8\n10.0.0.9\n}"), machine);
  CHECK(mentions(loaded, "k.conf:9:1: warning: (I) unicast peer 10.0.0.9 is an address of this host"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK_FALSE(mentions(loaded, "10.0.0.8 is an address"));
}
