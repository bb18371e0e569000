#include "core/config/machine_scopes.h"

#include <catch2/catch.hpp>

#include "core/config/interpret.h"
#include "core/config/machine.h"
#include "core/config/routing_numbers.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

FakeMachine machine() {
  FakeMachine machine;
  machine.route_names["/etc/iproute2/rt_scopes"] = {"9 yonder\n300 beyond\n"};
  return machine;
}

std::vector<std::string> complaints(const std::string& text) {
  Loaded loaded = load_text(text);
  const std::size_t before = loaded.diagnostics.list().size();
  const FakeMachine here = machine();
  RouteNames names(here);
  lint_scopes_on(names, loaded.tree, loaded.diagnostics);
  std::vector<std::string> texts;
  for (std::size_t at = before; at < loaded.diagnostics.list().size(); ++at)
    texts.push_back(loaded.diagnostics.list()[at].text);
  return texts;
}

std::string addresses(const std::string& lines) {
  return "static_ipaddress {\n " + lines + "\n}\n";
}

}  // namespace

TEST_CASE("a scope that only rt_scopes knows is taken, one that nobody knows is reported") {
  CHECK(complaints(addresses("10.1.0.1/24 dev eth0 scope yonder\n 10.1.0.2/24 dev eth0 scope link")).empty());
  CHECK(complaints(addresses("10.1.0.1/24 dev eth0 scope nosuch")) ==
        std::vector<std::string>{"Invalid scope 'nosuch'"});
  CHECK(complaints(instance("virtual_ipaddress_excluded {\n 10.1.0.1/24 scope beyond\n}\n")) ==
        std::vector<std::string>{"Invalid scope 'beyond'"});
}

TEST_CASE("children get the number of such a scope, and the address has it") {
  const FakeMachine here = machine();
  Tree tree = load_text(addresses("10.1.0.1/24 dev scope scope yonder label scope:1")).tree;
  number_routing_names(tree, here);
  CHECK(tree.roots.at(0).children.at(0).words ==
        std::vector<std::string>{"10.1.0.1/24", "dev", "scope", "scope", "9", "label", "scope:1"});
  Diagnostics diagnostics;
  const Config config = interpret(tree, diagnostics);
  CHECK(config.static_addresses.at(0).scope == 9);
  CHECK(config.static_addresses.at(0).details->scope_name.empty());
}

TEST_CASE("an IPv6 address has no scope of either kind") {
  const Loaded loaded = load_text(addresses("2001:db8::1/64 dev eth0 scope yonder"));
  CHECK(loaded.config.static_addresses.at(0).details->scope_name.empty());
}
