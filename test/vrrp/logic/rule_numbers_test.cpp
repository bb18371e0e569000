#include "vrrp/logic/rule_numbers.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/routing_support.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

std::vector<std::uint32_t> preferences(const std::vector<config::Rule>& rules) {
  std::vector<std::uint32_t> list;
  for (const config::Rule& rule : rules) list.push_back(rule.spec.preference);
  return list;
}

}  // namespace

TEST_CASE("rules without a preference are counted down, past those that have one") {
  std::vector<config::Rule> rules{rule_line("from 10.1.0.0/16 table 5"), rule_line("preference 16383 table 5"),
                                  rule_line("from 10.2.0.0/16 table 5"), rule_line("from 2001:db8::/32 table 5")};
  RuleNumbers numbers;
  numbers.assign({{"V", rules}});
  CHECK(preferences(rules) == std::vector<std::uint32_t>{16384, 16383, 16382, 16384});
}

TEST_CASE("a rule keeps its number whatever comes before it, and the same words twice are two") {
  RuleNumbers numbers;
  std::vector<config::Rule> first{rule_line("table 5"), rule_line("table 5")};
  numbers.assign({{"V", first}});
  CHECK(preferences(first) == std::vector<std::uint32_t>{16384, 16383});
  std::vector<config::Rule> next{rule_line("table 6"), rule_line("table 5"), rule_line("table 5")};
  numbers.assign({{"V", next}});
  CHECK(preferences(next) == std::vector<std::uint32_t>{16382, 16384, 16383});
}

TEST_CASE("a successor gives the numbers that its predecessor gave") {
  RuleNumbers numbers;
  RoutingEntry past = rule("table 5");
  std::get<RuleSpec>(past.object).preference = 16000;
  numbers.learn("V", {route("10.1.0.0/16 dev eth0"), past});
  std::vector<config::Rule> rules{rule_line("table 5")}, others{rule_line("table 5")};
  numbers.assign({{"V", rules}, {"", others}});
  CHECK(preferences(rules) == std::vector<std::uint32_t>{16000});
  CHECK(preferences(others) == std::vector<std::uint32_t>{16384});
}
