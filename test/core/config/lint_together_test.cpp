#include "core/config/lint_together.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
std::string router(const std::string& name, int vrid, const std::string& lines, const std::string& address) {
  return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + std::to_string(vrid) +
         "\n virtual_ipaddress {\n  " + address + "\n }\n" + lines + "\n}\n";
}
std::string unicast(const std::string& source) {
  return (source.empty() ? "" : "unicast_src_ip " + source + "\n") + "unicast_peer {\n10.0.0.99\n}";
}
Loaded pair(const std::string& first, const std::string& second) {
  return load_text(router("I", 7, first, "10.0.0.1") + router("J", 7, second, "10.0.0.2"));
}
}  // namespace

TEST_CASE("a VRID may be used again where adverts cannot be mixed up") {
  CHECK(pair("", "").diagnostics.has(Severity::Fatal));
  CHECK(mentions(pair("", ""), "(J) Duplicate VRID 7 on interface eth0: I and J both use it with IPv4"));
  CHECK(pair("", "").config.vrrp_instances.size() == 1);
  CHECK_FALSE(pair("", unicast("10.0.0.5")).diagnostics.has(Severity::Fatal));
  CHECK_FALSE(pair("", "mcast_dst_ip 224.0.0.19").diagnostics.has(Severity::Fatal));
  CHECK_FALSE(pair(unicast("10.0.0.5"), unicast("10.0.0.6")).diagnostics.has(Severity::Fatal));
  CHECK(pair(unicast("10.0.0.5"), unicast("10.0.0.5")).diagnostics.has(Severity::Fatal));
  CHECK(mentions(pair(unicast(""), unicast("")),
                 "(J) VRID 7 on interface eth0 is also that of I, from the same address"));
  CHECK(exit_code(pair(unicast(""), unicast("")).diagnostics) == 0);
}

TEST_CASE("an address of two instances is advised against") {
  const Loaded two = load_text(router("I", 1, "", "10.0.0.1") + router("J", 2, "", "10.0.0.1/24"));
  CHECK(mentions(two, "warning: (J) 10.0.0.1 is also an address of I"));
  CHECK(exit_code(two.diagnostics) == 0);
  CHECK(mentions(load_text(router("I", 1, "virtual_ipaddress_excluded {\n10.0.0.1\n}", "10.0.0.1")),
                 "(I) 10.0.0.1 is listed twice"));
}

TEST_CASE("an instance belongs to one group") {
  const std::string both = router("I", 1, "", "10.0.0.1") + router("J", 2, "", "10.0.0.2");
  const auto group = [](const std::string& name) {
    return "vrrp_sync_group " + name + " {\n group {\n I\n J\n }\n}\n";
  };
  CHECK(exit_code(load_text(both + group("G")).diagnostics) == 0);
  const Loaded two = load_text(both + group("G") + group("H"));
  CHECK(mentions(two, "Virtual router I cannot exist in more than one sync group; ignoring H"));
  CHECK(exit_code(two.diagnostics) == 5);
}

TEST_CASE("owners and others in one group are advised against") {
  const Loaded mixed = load_text(router("I", 1, "priority 255", "10.0.0.1") + router("J", 2, "", "10.0.0.2") +
                                 "vrrp_sync_group G {\n group {\n I\n J\n }\n}\n");
  CHECK(mentions(mixed, "Sync group G has members with priority 255 and members with less"));
  CHECK(exit_code(mixed.diagnostics) == 0);
}

TEST_CASE("names of instances that nobody defines") {
  CHECK(mentions(load_text("track_group T {\n group {\n I X\n }\n}\n" + instance("")), "track_group names X"));
  CHECK(mentions(load_text("global_defs {\n lvs_sync_daemon eth0 X\n}\n" + instance("")),
                 "lvs_sync_daemon follows X, which is no vrrp_instance"));
  CHECK_FALSE(mentions(load_text("global_defs {\n lvs_sync_daemon eth0 I\n}\n" + instance("")), "follows"));
}
