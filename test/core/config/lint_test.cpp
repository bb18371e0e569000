#include "core/config/lint.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
VrrpInstance only(const std::string& text) {
  const Loaded loaded = load_text(text);
  REQUIRE(loaded.config.vrrp_instances.size() == 1);
  return loaded.config.vrrp_instances[0];
}
}  // namespace

TEST_CASE("priority and state default to each other") {
  CHECK(only(instance("")).priority == 100);
  CHECK_FALSE(only(instance("")).wants_master);
  CHECK(only(instance("state MASTER")).priority == 255);
  CHECK(only(instance("priority 255")).wants_master);
  CHECK_FALSE(only(instance("state BACKUP\npriority 255")).wants_master);
  CHECK(only(instance("state MASTER\npriority 150\nstate BACKUP")).wants_master);
}

TEST_CASE("nopreempt and preempt_delay are cleared where they cannot work") {
  CHECK(only(instance("nopreempt\nstate MASTER\npriority 9")).preempt);
  CHECK(only(instance("nopreempt\nstate BACKUP\npriority 255")).preempt);
  CHECK_FALSE(only(instance("nopreempt")).preempt);
  CHECK(only(instance("preempt_delay 5\nnopreempt")).preempt_delay == Duration::zero());
  CHECK(only(instance("preempt_delay 5\nstate MASTER\npriority 9")).preempt_delay == Duration::zero());
  CHECK(only(instance("preempt_delay 5")).preempt_delay == seconds(5));
  CHECK(mentions(load_text(instance("nopreempt\nstate MASTER\npriority 9")),
                 "(I) Warning - nopreempt will not work with initial state MASTER - clearing"));
}

TEST_CASE("intervals fit the version") {
  CHECK(only(instance("advert_int 1.5")).advert_interval == seconds(2));
  CHECK(only(instance("advert_int 0.1")).advert_interval == seconds(1));
  CHECK(only(instance("version 3\nadvert_int 0.1")).advert_interval == milliseconds(100));
  CHECK(only(instance("version 3\nadvert_int 0.014")).advert_interval == milliseconds(10));
  CHECK(only(instance("version 3\nadvert_int 50")).advert_interval == centiseconds(4095));
  CHECK(load_text(instance("advert_int 1.5")).diagnostics.has(Severity::Warning));
  CHECK_FALSE(load_text(instance("advert_int 2")).diagnostics.has(Severity::Warning));
}

TEST_CASE("global settings count wherever they stand") {
  const std::string after = "global_defs {\n vrrp_garp_master_delay 1\n vrrp_version 3\n}\n";
  CHECK(only(instance("") + after).garp->delay == seconds(1));
  CHECK(only(after + instance("")).garp->delay == seconds(1));
  CHECK(only(instance("") + after).version == 3);
  CHECK(only(after + instance("version 2\ngarp_master_delay 7")).garp->delay == seconds(7));
  CHECK(only(after + instance("version 2")).version == 2);
}

TEST_CASE("the lower-priority burst is as the first one unless said otherwise") {
  CHECK(only(instance("garp_master_delay 9\ngarp_master_repeat 2")).garp->lower_prio_delay == seconds(9));
  CHECK(only(instance("garp_master_repeat 2")).garp->lower_prio_repeat == 2);
  CHECK(only(instance("garp_lower_prio_repeat 0")).garp->lower_prio_repeat == 0);
}

TEST_CASE("the first address decides the family, others are dropped") {
  const Loaded loaded = load_text(instance("", "10.0.0.1\nfe80::1\n10.0.0.2"));
  CHECK(loaded.config.vrrp_instances[0].virtual_addresses.size() == 2);
  CHECK(mentions(loaded, "(I) address family must match VRRP instance [fe80::1] - ignoring"));
  CHECK(only(instance("", "fe80::1")).version == 3);
  CHECK(only(instance("virtual_ipaddress_excluded {\nfe80::2\n}")).excluded_addresses.size() == 1);
}

TEST_CASE("authentication belongs to version 2") {
  const std::string auth = "authentication {\n auth_type PASS\n auth_pass 1234567890\n}";
  CHECK(*only(instance(auth)).auth_pass == "12345678");
  CHECK(only(instance(auth)).authentication == Authentication::Pass);
  CHECK(only(instance(auth + "\nversion 3")).authentication == Authentication::None);
  CHECK(mentions(load_text(instance(auth + "\nversion 3")),
                 "(I) VRRP version 3 does not support authentication. Ignoring."));
  CHECK(mentions(load_text(instance(auth)), "Truncating auth_pass to 8 characters"));
}

TEST_CASE("the own interface is not tracked twice") {
  const VrrpInstance read = only(instance("track_interface {\n eth0 weight 5\n eth1 weight -7 reverse\n}"));
  REQUIRE(read.track_interfaces.size() == 1);
  CHECK(read.track_interfaces[0].weight == -7);
  CHECK(read.track_interfaces[0].reverse);
}

TEST_CASE("an instance without VRID or interface is dropped") {
  CHECK(load_text("vrrp_instance I {\n interface eth0\n}\n").config.vrrp_instances.empty());
  CHECK(mentions(load_text("vrrp_instance I {\n interface eth0\n}\n"), "(I) the virtual router id must be set"));
  CHECK(load_text("vrrp_instance I {\n virtual_router_id 1\n}\n").config.vrrp_instances.empty());
}

TEST_CASE("one VRID serves one instance of a family on an interface") {
  const auto two = [](const std::string& other) {
    return load_text(instance("") + "vrrp_instance J {\n virtual_router_id 1\n" + other + "\n}\n");
  };
  const Loaded clash = two("interface eth0\nvirtual_ipaddress {\n10.0.0.9\n}");
  CHECK(exit_code(clash.diagnostics) == 5);
  CHECK(clash.diagnostics.has(Severity::Fatal));
  CHECK(two("interface eth0\nvirtual_ipaddress {\nfe80::9\n}").config.vrrp_instances.size() == 2);
  CHECK(two("interface eth1\nvirtual_ipaddress {\n10.0.0.9\n}").config.vrrp_instances.size() == 2);
}

TEST_CASE("an instance without addresses runs, and is grumbled about") {
  const std::string bare = "vrrp_instance I {\n interface e\n virtual_router_id 1\n";
  CHECK(mentions(load_text(bare + "}\n"), "(I) No VIP specified; at least one is sensible"));
  CHECK(mentions(load_text(bare + "version 3\n}\n"), "(I) No VIP specified; at least one is required"));
  CHECK(load_text(bare + "version 3\n}\n").config.vrrp_instances.size() == 1);
  CHECK(exit_code(load_text(bare + "no_virtual_ipaddress\n}\n").diagnostics) == 0);
}

TEST_CASE("groups must name instances that exist, also later ones") {
  const std::string two =
      instance("") + "vrrp_instance J {\ninterface e\nvirtual_router_id 2\nvirtual_ipaddress {\n10.0.0.3\n}\n}\n";
  CHECK(exit_code(load_text("vrrp_sync_group G {\n group {\n I\n J\n }\n}\n" + two).diagnostics) == 0);
  CHECK(exit_code(load_text("vrrp_sync_group G {\n group {\n I J\n }\n}\n" + two).diagnostics) == 0);
  CHECK(mentions(load_text("vrrp_sync_group G {\n group {\n I\n K\n }\n}\n" + two),
                 "Virtual router K specified in sync group G doesn't exist - ignoring"));
  CHECK(mentions(load_text("vrrp_sync_group G {\n group {\n I\n }\n}\n" + two),
                 "Sync group G has only 1 virtual router(s)"));
  CHECK(mentions(load_text("vrrp_sync_group G {\n}\n"), "Sync group G has no virtual router(s). removing"));
}

TEST_CASE("IPv6 in version 2 is version 3; said aloud only where keepalived does") {
  const std::string head = "vrrp_instance I {\n interface e\n virtual_router_id 1\n";
  const std::string addresses = " virtual_ipaddress {\n  fe80::1\n }\n";
  CHECK(exit_code(load_text(head + " version 2\n" + addresses + "}\n").diagnostics) == 0);
  CHECK(exit_code(load_text(head + addresses + " version 2\n}\n").diagnostics) == 5);
  CHECK(mentions(load_text(head + " version 2\n" + addresses + "}\n"), "does not support IPv6, using version 3"));
}

TEST_CASE("authentication without a password is none; AH waits before it is master") {
  const Loaded bare = load_text(instance("authentication {\n auth_type PASS\n}"));
  CHECK(mentions(bare, "(I) Authentication specified but no password given. Ignoring"));
  CHECK(bare.config.vrrp_instances[0].authentication == Authentication::None);
  const Loaded ah = load_text(instance("state MASTER\npriority 9\nauthentication {\n auth_type AH\n auth_pass x\n}"));
  CHECK(mentions(ah, "Initial state master is incompatible with AH authentication - clearing"));
  CHECK_FALSE(ah.config.vrrp_instances[0].wants_master);
}

TEST_CASE("addresses that do not fit into an advert move without being named in it") {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "10.1." + std::to_string(i / 200) + "." + std::to_string(i % 200) + "\n";
  const Loaded loaded = load_text(instance("virtual_ipaddress_excluded {\n10.2.0.1\n}", many));
  CHECK(mentions(loaded, "(I) Number of VIPs (300) exceeds maximum/space available in packet (max 255 addresses)"));
  CHECK(loaded.config.vrrp_instances[0].virtual_addresses.size() == 255);
  CHECK(loaded.config.vrrp_instances[0].excluded_addresses.size() == 46);
}

TEST_CASE("unicast source without peers is grumbled about") {
  CHECK(mentions(load_text(instance("check_unicast_src")), "A unicast keyword has been specified"));
  CHECK(mentions(load_text(instance("unicast_peer {\n}")), "A unicast keyword has been specified"));
  CHECK_FALSE(mentions(load_text(instance("unicast_peer {\n10.0.0.8\n}")), "A unicast keyword"));
  CHECK(mentions(load_text(instance("unicast_src_ip 10.0.0.9")),
                 "A unicast keyword has been specified without any unicast peers."));
}
