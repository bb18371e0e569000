// What keepalived 2.2.7 accepts and rejects, tried with its -t.
#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
int code(const std::string& line) {
  return exit_code(load_text("static_rules {\n " + line + "\n}\n").diagnostics);
}
}  // namespace

TEST_CASE("rules that keepalived takes are taken") {
  for (const char* line :
       {"from 10.0.0.0/8 to 10.1.0.0/16 table 100 priority 5", "from 10.0.0.1 priority 3 type blackhole",
        "from default priority 3 nop", "iif lo priority 0x10 nop", "iif lo priority 10 goto 50",
        "iif lo priority 10 suppress_ifgroup default table main", "iif lo priority 10 fwmark 0x10/0xff table local",
        "iif lo priority 10 uidrange 5-3 table 4", "iif lo priority 10 dport 5-6 sport 7-8 table 4",
        "not iif lo oif lo tunnel-id 3 sup_pl 3 ipproto tcp protocol 3 no_track realms 3/4 table 4 priority 9",
        "iif lo priority 10 l3mdev"}) {
    INFO(line);
    CHECK(code(line) == 0);
  }
}

TEST_CASE("rules that keepalived does not take are rejected") {
  for (const char* line :
       {"from foo table 100 priority 1", "from 10.0.0.1 table 0 priority 1", "iif lo fwmark x table 3 priority 1",
        "iif lo uidrange 3 table 3 priority 1", "iif lo type foo priority 1", "iif lo ipproto 300 table 3 priority 1",
        "iif lo tos 300 table 3 priority 1", "iif lo table 3 priority -1", "iif lo tunnel-id x table 3 priority 1",
        "iif lo pref 3 table 3", "iif lo throw priority 1"}) {
    INFO(line);
    CHECK(code(line) == 5);
  }
}
