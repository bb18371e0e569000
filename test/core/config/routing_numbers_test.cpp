#include "core/config/routing_numbers.h"

#include <catch2/catch.hpp>

#include "core/config/interpret.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

/// The words of the only line of the first list, numbered.
std::vector<std::string> numbered(const std::string& keyword, const std::string& line) {
  FakeMachine machine;
  machine.route_names["/etc/iproute2/rt_tables"] = {"100 blue\n"};
  machine.route_names["/etc/iproute2/rt_realms"] = {"3 near\n4 far\n"};
  machine.route_names["/etc/iproute2/rt_dsfield"] = {"0x10 low\n"};
  machine.route_names["/etc/iproute2/rt_scopes"] = {"9 yonder\n"};
  machine.route_names["/etc/iproute2/rt_protos"] = {"99 me\n"};
  machine.route_names["/etc/iproute2/group"] = {"8 hosts\n"};
  Tree tree = load_text(keyword + " {\n " + line + "\n}\n").tree;
  number_routing_names(tree, machine);
  return tree.roots.at(0).children.at(0).words;
}
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

TEST_CASE("names of this machine become numbers, wherever they stand") {
  CHECK(joined(numbered("static_routes", "10.1.0.0/16 dev blue table blue scope yonder tos low realms near/far")) ==
        "10.1.0.0/16 dev blue table 100 scope 9 tos 16 realms 3/4");
  CHECK(joined(numbered("static_routes", "10.1.0.0/16 protocol me no_track")) == "10.1.0.0/16 protocol 99 no_track");
  CHECK(joined(numbered("static_routes", "10.1.0.0/16 encap ip id 3 dst 10.0.0.1 tos low")) ==
        "10.1.0.0/16 encap ip id 3 dst 10.0.0.1 tos 16");
  CHECK(joined(numbered("static_routes", "10.1.0.0/16 nexthop dev a realms far nexthop dev b")) ==
        "10.1.0.0/16 nexthop dev a realms 4 nexthop dev b");
  CHECK(joined(numbered("static_rules", "iif table lookup blue sup_group hosts ipproto udp preference 5")) ==
        "iif table lookup 100 sup_group 8 ipproto 17 preference 5");
}

TEST_CASE("what is not known stays, and so do numbers") {
  CHECK(joined(numbered("static_routes", "10.1.0.0/16 dev a table nosuch")) == "10.1.0.0/16 dev a table nosuch");
  CHECK(joined(numbered("static_rules", "table 0x10 realms near/nosuch ipproto nosuch")) ==
        "table 0x10 realms near/nosuch ipproto nosuch");
}

TEST_CASE("instances are numbered too, and a child can use what comes of it") {
  FakeMachine machine;
  machine.route_names["/etc/iproute2/rt_tables"] = {"100 blue\n"};
  Tree tree = load_text(instance("virtual_routes {\n 10.1.0.0/16 dev a table blue\n}\nvirtual_rules {\n table blue "
                                 "ipproto tcp\n}\n"))
                  .tree;
  number_routing_names(tree, machine);
  Diagnostics diagnostics;
  const Config config = interpret(tree, diagnostics);
  CHECK(config.vrrp_instances.at(0).virtual_routes.at(0).usable);
  CHECK(config.vrrp_instances.at(0).virtual_routes.at(0).spec.table == 100);
  CHECK(config.vrrp_instances.at(0).virtual_rules.at(0).usable);
}
