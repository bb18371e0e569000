#include "core/config/schema/global_firewall.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

FirewallSettings firewall(const std::string& lines, const std::string& root = "") {
  return load_text(root + "global_defs {\n" + lines + "\n}\n").config.global_defs.firewall;
}

}  // namespace

TEST_CASE("without a word the table is keepalived, of priority -1") {
  const FirewallSettings settings = firewall("router_id a");
  CHECK(settings == FirewallSettings{});
  CHECK(settings.table() == "keepalived");
  CHECK(settings.priority == -1);
  CHECK(firewall("nftables").table() == "keepalived");
}

TEST_CASE("the table's name, priority, counters and the way links are matched are read") {
  const FirewallSettings settings =
      firewall("nftables mine\nnftables_priority -2147483648\nnftables_counters\nnftables_ifindex");
  CHECK(settings.table() == "mine");
  CHECK(settings.priority == -2147483648);
  CHECK(settings.counters);
  CHECK(settings.ifindex);
  CHECK(firewall("nftables_priority 2147483648").priority == -1);
}

TEST_CASE("iptables and ipsets are accepted, and it is said that nftables is used") {
  const std::string lines = "vrrp_iptables IN OUT\nvrrp_ipsets a b";
  const FirewallSettings settings = firewall(lines, "namespace_with_ipsets\n");
  CHECK(settings.iptables == std::vector<std::string>{"IN", "OUT"});
  CHECK(settings.ipsets == std::vector<std::string>{"a", "b"});
  CHECK(settings.namespace_with_ipsets);
  const Loaded loaded = load_text("global_defs {\n" + lines + "\n}\n");
  CHECK(mentions(loaded, "vrrp_iptables: chains of iptables and ipsets are not used"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK_FALSE(mentions(load_text("global_defs {\nnftables\n}\n"), "iptables"));
}

TEST_CASE("who does not accept is known") {
  const auto accepts = [](const std::string& globals, const std::string& lines) {
    return load_text("global_defs {\n" + globals + "\n}\n" + instance(lines)).config.vrrp_instances.at(0).accept;
  };
  CHECK(accepts("router_id a", "priority 100"));
  CHECK_FALSE(accepts("router_id a", "priority 100\nno_accept"));
  CHECK(accepts("router_id a", "priority 255\nno_accept"));
  CHECK(accepts("router_id a", "priority 100\nno_accept\naccept"));
  CHECK_FALSE(accepts("vrrp_strict", "priority 100"));
  CHECK_FALSE(accepts("vrrp_strict", "priority 100\naccept"));
  CHECK(accepts("vrrp_strict", "priority 100\nversion 3\naccept"));
  CHECK(accepts("vrrp_strict", "priority 100\nstrict_mode false"));
}
