#include <catch2/catch.hpp>
#include <linux/fib_rules.h>

#include "core/base/text.h"
#include "core/config/schema/entries.h"
#include "core/config/schema/routing_lines.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Node line(const std::string& text) {
  Node node;
  node.words = split_words(text);
  return node;
}
Rule rule(const std::string& text) {
  Diagnostics diagnostics;
  return read_rule(line(text), EntryPlace::Static, diagnostics).value();
}

}  // namespace

TEST_CASE("rules say what happens, to which packets, and when") {
  const Rule jump = rule("not from 10.1.2.3/16 fwmark 0x5/0xf iif a goto 0x200 preference 0x100");
  CHECK(jump.spec.inverted);
  CHECK(jump.spec.from == *IpPrefix::parse("10.1.0.0/16"));
  CHECK(jump.spec.mark == 5U);
  CHECK(jump.spec.mask == 15U);
  CHECK(jump.spec.action == FR_ACT_GOTO);
  CHECK(jump.spec.jump == 0x200U);
  CHECK(jump.spec.preference == 0x100);
  CHECK(jump.numbered);
  CHECK(rule("fwmark 7 table 5").spec.mask == 0xffffffffU);
  CHECK_FALSE(rule("table 5").numbered);
  CHECK(rule("from 2001:db8::/32 table 5").spec.family == Family::IPv6);
  CHECK(rule("inet6 iif a table 5").spec.family == Family::IPv6);
  CHECK_FALSE(rule("from all table 5").spec.from);
  CHECK(rule("prohibit").spec.action == FR_ACT_PROHIBIT);
  CHECK(rule("type blackhole").spec.action == FR_ACT_BLACKHOLE);
  CHECK(rule("nop").spec.action == FR_ACT_NOP);
  CHECK(rule("l3mdev").spec.l3mdev);
  CHECK(rule("table 5 sport 80 dport 90-95").spec.source_ports == RuleSpec::Range(80, 80));
  CHECK(rule("table 5 sport 80 dport 90-95").spec.destination_ports == RuleSpec::Range(90, 95));
}
