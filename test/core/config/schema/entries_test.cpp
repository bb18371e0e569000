#include "core/config/schema/entries.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
std::string route(const std::string& line) {
  const std::vector<std::string> all = messages(load_text("static_routes {\n" + line + "\n}\n"));
  return all.empty() ? "" : all.front();
}
std::string rule(const std::string& line) {
  const std::vector<std::string> all = messages(load_text("static_rules {\n" + line + "\n}\n"));
  return all.empty() ? "" : all.front();
}
}  // namespace

TEST_CASE("real routes and rules are accepted") {
  for (const char* line :
       {"default via 10.0.0.1 dev eth0", "fe81::/16 dev eth0 via inet6 fe80::1 metric 5 mtu lock 1400",
        "blackhole 10.2.0.0/16 no_track", "src 10.0.0.1 to 10.3.0.0/24 via 10.0.0.2 dev eth0 table 100 scope link",
        "10.4.0.0/24 no_track nexthop via 10.0.0.1 dev e weight 2 nexthop via 10.0.0.2",
        "to unreachable 10.9.0.0/16 no_track"}) {
    INFO(line);
    CHECK(route(line).empty());
  }
  for (const char* line : {"from 10.0.0.0/24 table 100 priority 5", "to 10.0.0.1 lookup main not iif eth0 order 3",
                           "from all fwmark 1/7 blackhole order 3"}) {
    INFO(line);
    CHECK(rule(line).empty());
  }
}

TEST_CASE("an unknown option or a missing value is found where it stands") {
  CHECK(route("10.0.0.0/8 vai 10.0.0.1").starts_with("k.conf:2:12: Unknown keyword 'vai' in route"));
  CHECK(route("10.0.0.0/8 via").find("is missing a parameter after keyword `via`") != std::string::npos);
  CHECK(rule("frm 10.0.0.1").find("did you mean 'from'?") != std::string::npos);
}

TEST_CASE("tracked things take a weight and a direction") {
  const auto read = [](const std::string& line) { return load_text(instance("track_interface {\n" + line + "\n}")); };
  CHECK(read("eth1 weight 254").config.vrrp_instances[0].track_interfaces[0].weight == 253);
  CHECK(mentions(read("eth1 weight 255"), "number '255' outside range [-254, 254]"));
  CHECK(mentions(read("eth1 wieght 5"), "did you mean 'weight'?"));
  CHECK(mentions(read("eth1 {\n}"), "Unexpected '{' - ignoring"));
}
