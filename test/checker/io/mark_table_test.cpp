#include "checker/io/mark_table.h"

#include <catch2/catch.hpp>

#include "core/runtime/clock.h"
#include "core/runtime/event_loop.h"
#include "test/core/netlink/network_namespace.h"

namespace holdfast::checker {

namespace {

MarkedRange range(const char* first, const char* last, std::uint16_t port, std::uint32_t mark,
                  ipvs::Protocol protocol = ipvs::Protocol::Tcp) {
  return {protocol, *IpAddress::parse(first), *IpAddress::parse(last), port, port == 0 ? std::uint16_t{65535} : port,
          mark};
}

/// A table in the kernel, of a namespace of its own.
struct Kernel {
  test::NetworkNamespace where;
  test::NetworkNamespace::Inside inside{where};
  EventLoop loop;
  MarkTable table{loop};

  int put(const MarkPlan& plan) { return order(&MarkTable::put, plan); }
  int renew(const MarkPlan& plan) { return order(&MarkTable::renew, plan); }
  int order(void (MarkTable::*what)(const MarkPlan&, MarkPort::Told), const MarkPlan& plan) {
    std::optional<int> result;
    (table.*what)(plan, [&](int error, const std::string& object) {
      INFO(object);
      CHECK(error == 0);
      result = error;
    });
    loop.run_until([&] { return result.has_value(); }, now() + seconds(5));
    return result.value_or(-1);
  }
  std::vector<std::string> look(const MarkPlan& plan) {
    std::optional<std::vector<std::string>> result;
    table.look(plan, [&](std::vector<std::string> findings) { result = std::move(findings); });
    loop.run_until([&] { return result.has_value(); }, now() + seconds(5));
    return result.value_or(std::vector<std::string>{"no answer"});
  }
  static std::string list() { return test::output_of("nft list ruleset"); }
  static bool has(const std::string& part) { return list().find(part) != std::string::npos; }
};

MarkPlan both_families() {
  return {"keepalived_ipvs",
          -1,
          false,
          {range("10.0.0.2", "10.0.0.5", 80, 1000), range("10.0.1.1", "10.0.1.1", 443, 1000),
           range("10.0.0.2", "10.0.0.5", 80, 1001, ipvs::Protocol::Udp), range("fd00::2", "fd00::5", 80, 1002)}};
}

}  // namespace

TEST_CASE("nft shows the table as it shows that of keepalived 2.2.7") {
  Kernel kernel;
  kernel.table.owned_by("/run/c.pid");
  REQUIRE(kernel.put(both_families()) == 0);
  const std::string text = Kernel::list();
  INFO(text);
  for (const char* part :
       {"type ipv4_addr . inet_service : mark", "flags interval", "10.0.0.2-10.0.0.5 . 80 : 0x000003e8",
        "10.0.1.1 . 443 : 0x000003e8", "10.0.0.2-10.0.0.5 . 80 : 0x000003e9",
        "type filter hook input priority filter - 1; policy accept;",
        "meta mark set ip daddr . tcp dport map @tcp_map return",
        "meta mark set ip daddr . udp dport map @udp_map return", "type ipv6_addr . inet_service : mark",
        "fd00::2-fd00::5 . 80 : 0x000003ea", "meta mark set ip6 daddr . tcp dport map @tcp_map return"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(kernel.look(both_families()).empty());
}

TEST_CASE("priority and counters are those of the plan") {
  Kernel kernel;
  MarkPlan plan = both_families();
  plan.priority = 5;
  plan.counters = true;
  REQUIRE(kernel.put(plan) == 0);
  INFO(Kernel::list());
  CHECK(Kernel::has("priority filter + 5"));
  CHECK(Kernel::has("10.0.1.1 . 443 counter packets 0 bytes 0 : 0x000003e8"));
  CHECK(Kernel::has("map @tcp_map counter packets 0 bytes 0 return"));
  CHECK(kernel.look(plan).empty());
}

TEST_CASE("a plan takes the place of another, and of what strangers have under its name") {
  Kernel kernel;
  test::NetworkNamespace::run("nft add table ip keepalived_ipvs; nft add chain ip keepalived_ipvs foo");
  REQUIRE(kernel.put(both_families()) == 0);
  CHECK_FALSE(Kernel::has("foo"));
  const MarkPlan less{"keepalived_ipvs", -1, false, {range("10.0.0.2", "10.0.0.4", 0, 1000)}};
  REQUIRE(kernel.put(less) == 0);
  INFO(Kernel::list());
  CHECK(Kernel::has("10.0.0.2-10.0.0.4 . 0-65535 : 0x000003e8"));
  CHECK_FALSE(Kernel::has("udp_map"));
  CHECK_FALSE(Kernel::has("ip6"));
}

TEST_CASE("a change leaves in place what both plans have: maps are never empty in between") {
  Kernel kernel;
  REQUIRE(kernel.put(both_families()) == 0);
  const std::string handles = "nft -a list ruleset | grep -o 'map tcp_map.*\\|table.*'";
  const std::string before = test::output_of(handles);
  MarkPlan plan = both_families();
  plan.priority = 7;
  plan.ranges = {range("10.0.0.2", "10.0.0.5", 80, 1005), range("10.0.1.1", "10.0.1.9", 443, 1000),
                 range("10.0.0.2", "10.0.0.5", 80, 1006, ipvs::Protocol::Sctp), range("fd00::2", "fd00::5", 80, 1002)};
  REQUIRE(kernel.put(plan) == 0);
  INFO(Kernel::list());
  CHECK(test::output_of(handles) == before);
  CHECK(Kernel::has("10.0.0.2-10.0.0.5 . 80 : 0x000003ed"));
  CHECK(Kernel::has("10.0.1.1-10.0.1.9 . 443 : 0x000003e8"));
  CHECK_FALSE(Kernel::has("10.0.1.1 . 443"));
  CHECK(Kernel::has("priority filter + 7"));
  CHECK_FALSE(Kernel::has("udp_map"));
  CHECK(Kernel::has("sctp_map"));
  CHECK(kernel.look(plan).empty());
  plan.ranges.pop_back();
  REQUIRE(kernel.put(plan) == 0);
  CHECK_FALSE(Kernel::has("ip6"));
  plan.ranges = both_families().ranges;
  REQUIRE(kernel.put(plan) == 0);
  CHECK(kernel.look(plan).empty());
}

TEST_CASE("a change that somebody's doings prevent makes the table anew") {
  Kernel kernel;
  REQUIRE(kernel.put(both_families()) == 0);
  test::NetworkNamespace::run("nft flush ruleset");
  MarkPlan plan = both_families();
  plan.ranges.pop_back();
  REQUIRE(kernel.put(plan) == 0);
  CHECK(kernel.look(plan).empty());
}

TEST_CASE("a successor touches nothing that is as it should be, and replaces what is not") {
  Kernel kernel;
  REQUIRE(kernel.put(both_families()) == 0);
  const std::string before = test::output_of("nft -a list ruleset");
  for (const bool changed : {false, true}) {
    MarkTable successor(kernel.loop);
    MarkPlan plan = both_families();
    if (changed) plan.ranges.pop_back();
    std::optional<int> adopted;
    successor.adopt(plan, [&](int error, const std::string&) { adopted = error; });
    kernel.loop.run_until([&] { return adopted.has_value(); }, now() + seconds(5));
    CHECK(adopted == 0);
    CHECK((test::output_of("nft -a list ruleset") == before) != changed);
    CHECK(kernel.look(plan).empty());
  }
}

TEST_CASE("with a socket of another namespace the table is there; without one there is none") {
  Kernel kernel;
  const test::NetworkNamespace other;
  const auto list_there = [&other] {
    const test::NetworkNamespace::Inside inside(other);
    return Kernel::list();
  };
  std::optional<Result<netlink::Socket>> socket;
  {
    const test::NetworkNamespace::Inside inside(other);
    socket = netlink::Socket::open(netlink::Bus::Netfilter, netlink::BatchSocket::kReceiveBuffer);
  }
  kernel.table.stay_with(std::move(*socket));
  REQUIRE(kernel.put(both_families()) == 0);
  CHECK(Kernel::list().empty());
  CHECK(list_there().find("keepalived_ipvs") != std::string::npos);
  kernel.table.stay_with(Error{"no such namespace", ENOENT});
  std::optional<int> told;
  kernel.table.put(both_families(), [&](int error, const std::string&) { told = error; });
  CHECK(told == ENOENT);
  CHECK(Kernel::list().empty());
}

TEST_CASE("what somebody did to the table is found") {
  Kernel kernel;
  const MarkPlan plan = both_families();
  REQUIRE(kernel.put(plan) == 0);
  test::NetworkNamespace::run("nft delete element ip keepalived_ipvs tcp_map { 10.0.1.1 . 443 }");
  CHECK(kernel.look(plan) ==
        std::vector<std::string>{"map tcp_map of table ip keepalived_ipvs lacked 1 of 2 elements and had 0 others"});
  test::NetworkNamespace::run("nft add element ip keepalived_ipvs tcp_map { 10.0.1.1 . 443 : 5 }");
  CHECK(kernel.look(plan) ==
        std::vector<std::string>{"map tcp_map of table ip keepalived_ipvs lacked 1 of 2 elements and had 1 others"});
  REQUIRE(kernel.renew(plan) == 0);
  test::NetworkNamespace::run("nft flush chain ip keepalived_ipvs in");
  CHECK(kernel.look(plan) == std::vector<std::string>{"chain in of table ip keepalived_ipvs had 0 rules instead of 2"});
  test::NetworkNamespace::run("nft flush ruleset");
  CHECK(kernel.look(plan).size() == 5);
  REQUIRE(kernel.renew(plan) == 0);
  CHECK(kernel.look(plan).empty());
}

TEST_CASE("thousands of ranges are one transaction and are read back whole") {
  Kernel kernel;
  MarkPlan plan{"keepalived_ipvs", -1, false, {}};
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const IpAddress v4 = IpAddress::v4(0x0a000000U + 4 * i);
    plan.ranges.push_back({ipvs::Protocol::Tcp, v4, v4, 80, 80, 1000 + i});
  }
  REQUIRE(kernel.put(plan) == 0);
  CHECK(kernel.look(plan).empty());
}

TEST_CASE("a sweep takes what the owner left, and leaves strangers and the table in use") {
  Kernel kernel;
  test::NetworkNamespace::run("nft add table ip foreign");
  kernel.table.owned_by("/run/c.pid");
  MarkPlan plan = both_families();
  plan.table = "old";
  REQUIRE(kernel.put(plan) == 0);
  REQUIRE(kernel.put(both_families()) == 0);
  std::optional<int> swept;
  kernel.table.sweep("keepalived_ipvs", [&](int error, const std::string&) { swept = error; });
  kernel.loop.run_until([&] { return swept.has_value(); }, now() + seconds(5));
  CHECK(swept == 0);
  const std::string tables = test::output_of("nft list tables");
  CHECK(tables.find("old") == std::string::npos);
  CHECK(tables.find("table ip foreign") != std::string::npos);
  CHECK(tables.find("table ip6 keepalived_ipvs") != std::string::npos);
  std::optional<int> removed;
  kernel.table.remove("keepalived_ipvs", [&](int error, const std::string&) { removed = error; });
  kernel.loop.run_until([&] { return removed.has_value(); }, now() + seconds(5));
  CHECK(test::output_of("nft list tables") == "table ip foreign\n");
}

}  // namespace holdfast::checker
