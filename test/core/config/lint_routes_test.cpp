// What keepalived 2.2.7 refuses or changes, tried with its -t.
#include "core/config/lint_routes.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

Loaded routes(const std::string& line) {
  return load_text(instance(" virtual_routes {\n " + line + "\n }"));
}
Loaded rules(const std::string& line) {
  return load_text(instance(" virtual_rules {\n " + line + "\n }"));
}
int code(const Loaded& loaded) {
  return exit_code(loaded.diagnostics);
}

}  // namespace

TEST_CASE("a route without an interface is not tracked, unless nobody wants it tracked") {
  CHECK(mentions(routes("10.1.0.0/16 via 10.0.0.9"),
                 "k.conf:8:2: Warning - cannot track route 10.1.0.0/16 with no interface specified"));
  for (const char* line :
       {"10.1.0.0/16 via 10.0.0.9", "blackhole 10.1.0.0/16", "10.1.0.0/16 nexthop via 10.0.0.9 dev eth0"})
    CHECK(code(routes(line)) == 5);
  for (const char* line : {"10.1.0.0/16 dev eth0", "10.1.0.0/16 via 10.0.0.9 no_track",
                           "blackhole 10.1.0.0/16 no_track", "no_track 10.1.0.0/16 nexthop via 10.0.0.9 dev eth0"})
    CHECK(code(routes(line)) == 0);
}

TEST_CASE("a route has one family throughout") {
  for (const char* line :
       {"10.1.0.0/16 via fe80::1 dev eth0", "10.1.0.0/16 dev eth0 src fe80::1",
        "10.1.0.0/16 via inet6 10.0.0.9 dev eth0", "default via 10.0.0.1 src fe80::1 dev eth0",
        "no_track 10.1.0.0/16 nexthop via fe80::1 dev eth0", "no_track 10.1.0.0/16 nexthop via inet6 fe80::1 dev eth0",
        "inet default via fe80::1 dev eth0"}) {
    INFO(line);
    CHECK(mentions(routes(line), "route has mixed IPv4 and IPv6"));
    CHECK(code(routes(line)) == 5);
  }
  CHECK(code(routes("default via fe80::1 dev eth0")) == 0);
  CHECK(code(routes("default inet6 via fe80::1 dev eth0")) == 0);
}

TEST_CASE("a route of another protocol is not tracked as ours") {
  CHECK(code(routes("10.1.0.0/16 dev eth0 protocol bgp")) == 5);
  CHECK(code(routes("10.1.0.0/16 dev eth0 protocol bgp no_track")) == 0);
  CHECK(code(routes("10.1.0.0/16 dev eth0 protocol keepalived")) == 0);
  CHECK(code(routes("10.1.0.0/16 dev eth0 protocol 18")) == 0);
}

TEST_CASE("older words of routes are said once, at their place") {
  const Loaded loaded = routes("10.1.0.0/16 gw 10.0.0.9 dev eth0");
  REQUIRE(messages(loaded).size() == 1);
  CHECK(messages(loaded)[0].starts_with("k.conf:8:14: warning: \"gw\" for routes is deprecated"));
  CHECK(mentions(routes("no_track 10.1.0.0/16 or 10.0.0.9 nexthop via 10.0.0.9"), "Cannot specify nexthops with"));
}

TEST_CASE("a rule has one action") {
  for (const char* line :
       {"from 10.0.0.0/8 preference 5", "from 10.0.0.0/8 table 1 blackhole preference 5",
        "from 10.0.0.0/8 table 1 table 2 preference 5", "l3mdev blackhole preference 5", "l3mdev table 1 preference 5",
        "from 10.0.0.0/8 unicast preference 5", "from 10.0.0.0/8 type unicast preference 5"}) {
    INFO(line);
    CHECK(code(rules(line)) == 5);
  }
  for (const char* line : {"from 10.0.0.0/8 nop preference 5", "l3mdev preference 5", "lookup main preference 5",
                           "from 10.0.0.0/8 type blackhole preference 5"}) {
    INFO(line);
    CHECK(code(rules(line)) == 0);
  }
  CHECK(mentions(rules("table 1 blackhole preference 5"), "more than one action, 'table' and 'blackhole'"));
  CHECK(mentions(rules("preference 5"), "No action specified for rule"));
}

TEST_CASE("a rule says its order, and goes only to later ones") {
  CHECK(mentions(rules("from 10.0.0.0/8 table 1"), "k.conf:8:2: warning: Rule has no preference specified"));
  CHECK(code(rules("from 10.0.0.0/8 table 1")) == 5);
  CHECK(code(rules("from 10.0.0.0/8 table 1 order 3")) == 0);
  CHECK(code(rules("from 10.0.0.0/8 table 1 preference 0")) == 0);
  CHECK(code(rules("goto 300 preference 200")) == 0);
  CHECK(mentions(rules("goto 100 preference 200"), "Rule with preference 200 cannot go to 100"));
  CHECK(code(rules("goto 200 preference 200")) == 5);
  CHECK(mentions(rules("goto 0x100"), "without a preference of its own"));
  CHECK(code(rules("goto 0x100 preference 255")) == 0);
}

TEST_CASE("a rule has one family, and looks up only in a table") {
  CHECK(mentions(rules("from 10.0.0.0/8 to fe80::/64 table 1 preference 5"),
                 "k.conf:8:21: rule has mixed IPv4 and IPv6: '10.0.0.0/8' is IPv4, 'fe80::/64' is IPv6"));
  CHECK(code(rules("from 10.0.0.0/8 inet6 table 1 preference 5")) == 5);
  CHECK(code(rules("from all inet6 table 1 preference 5")) == 0);
  for (const char* word : {"suppress_prefixlength 3", "sup_group default", "realms 3"}) {
    CHECK(code(rules(std::string("blackhole preference 5 ") + word)) == 5);
    CHECK(code(rules(std::string("table 1 preference 5 ") + word)) == 0);
  }
}

TEST_CASE("a static entry belongs to a track_group through its interface") {
  const std::string group = instance("") + "track_group G {\n group {\n I\n }\n}\n";
  const auto with = [&](const std::string& block, const std::string& line) {
    return load_text(group + block + " {\n " + line + "\n}\n");
  };
  CHECK(mentions(with("static_routes", "10.1.0.0/16 via 10.0.0.9 track_group G"), "cannot have track_group without"));
  CHECK(code(with("static_routes", "10.1.0.0/16 dev eth0 track_group G")) == 0);
  CHECK(mentions(with("static_routes", "10.1.0.0/16 dev eth0 no_track track_group G"), "not tracking"));
  CHECK(mentions(with("static_rules", "table 1 preference 5 track_group G"), "cannot have track_group without"));
  CHECK(code(with("static_rules", "table 1 preference 5 iif eth0 track_group G no_track")) == 0);
  CHECK(code(with("static_rules", "table 1 preference 5 protocol 99")) == 5);
}
