#include "checker/logic/mark_plan.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

std::string service(const std::string& head, const std::string& protocol = "TCP") {
  const std::string real = head.find(':') == std::string::npos ? "10.9.0.1" : "fd00:9::1";
  return fmt::format(
      "virtual_server {} {{\n lb_algo rr\n protocol {}\n persistence_timeout 50\n"
      " real_server {} 80 {{\n }}\n}}\n",
      head, protocol, real);
}

std::string group(const std::string& name, const std::string& lines, const std::string& real = "10.9.0.1") {
  return fmt::format(
      "virtual_server_group {0} {{\n {1}\n}}\nvirtual_server group {0} {{\n lb_algo rr\n protocol TCP\n"
      " persistence_timeout 50\n real_server {2} 80 {{\n }}\n}}\n",
      name, lines, real);
}

MarkPlan plan_of(const std::string& text, const std::string& globals = "") {
  const auto config = test::configuration("global_defs {\n nftables_ipvs\n" + globals + "}\n" + text);
  MarkBook book;
  book.allot(*config);
  return plan_marks(*config, book);
}

std::vector<std::string> ranges_of(const MarkPlan& plan) {
  std::vector<std::string> texts;
  for (const MarkedRange& range : plan.ranges) {
    texts.push_back(fmt::format("{} {}-{} {}-{} {}", static_cast<int>(range.protocol), range.first.text(),
                                range.last.text(), range.first_port, range.last_port, range.mark));
  }
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the plan says what global_defs says, and is empty without nftables_ipvs") {
  const MarkPlan plan = plan_of(group("A", "10.0.0.1 80"), " nftables_ipvs_priority 5\n nftables_counters\n");
  CHECK(plan.table == "keepalived_ipvs");
  CHECK(plan.priority == 5);
  CHECK(plan.counters);
  CHECK(plan_of("").ranges.empty());
  const auto off = test::configuration(group("A", "10.0.0.1 80"));
  CHECK(plan_marks(*off, MarkBook()) == MarkPlan{});
}

TEST_CASE("each line of a group is a range, of both families, for the protocol of its service") {
  CHECK(ranges_of(plan_of(group("A", "10.0.0.1 80\n 10.0.0.2-5 81") + service("group A", "UDP"))) ==
        Texts{"6 10.0.0.1-10.0.0.1 80-80 1000", "6 10.0.0.2-10.0.0.5 81-81 1000", "17 10.0.0.1-10.0.0.1 80-80 1001",
              "17 10.0.0.2-10.0.0.5 81-81 1001"});
  CHECK(ranges_of(plan_of(group("A", "fd00::1-ff 80", "fd00:9::1"))) == Texts{"6 fd00::1-fd00::ff 80-80 1000"});
}

TEST_CASE("of two groups that share addresses the earlier has them, the other what is left") {
  CHECK(ranges_of(plan_of(group("A", "10.0.0.3-5 80") + group("B", "10.0.0.1-9 80"))) ==
        Texts{"6 10.0.0.3-10.0.0.5 80-80 1000", "6 10.0.0.1-10.0.0.2 80-80 1001", "6 10.0.0.6-10.0.0.9 80-80 1001"});
  CHECK(ranges_of(plan_of(group("A", "10.0.0.1-9 80") + group("B", "10.0.0.3 80"))) ==
        Texts{"6 10.0.0.1-10.0.0.9 80-80 1000"});
}

TEST_CASE("without a port every port is marked, but for those that another service has") {
  CHECK(ranges_of(plan_of(group("A", "10.0.0.1-2"))) == Texts{"6 10.0.0.1-10.0.0.2 0-65535 1000"});
  CHECK(ranges_of(plan_of(group("ANY", "10.0.0.1-2") + group("WEB", "10.0.0.2 80") + service("10.0.0.1 443"))) ==
        Texts{"6 10.0.0.2-10.0.0.2 80-80 1001", "6 10.0.0.1-10.0.0.1 0-442 1000", "6 10.0.0.1-10.0.0.1 444-65535 1000",
              "6 10.0.0.2-10.0.0.2 0-79 1000", "6 10.0.0.2-10.0.0.2 81-65535 1000"});
}

TEST_CASE("a service of a single address and port does not take them from a group") {
  CHECK(ranges_of(plan_of(group("A", "10.0.0.1-3 80") + service("10.0.0.2 80"))) ==
        Texts{"6 10.0.0.1-10.0.0.3 80-80 1000"});
}

}  // namespace holdfast::checker
