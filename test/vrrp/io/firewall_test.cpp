// The firewall of the real port against the real kernel, as Debian's `nft` shows it.
#include <catch2/catch.hpp>
#include <cerrno>
#include <net/if.h>

#include "test/core/netlink/network_namespace.h"
#include "vrrp/io/firewall_table.h"

using namespace holdfast;
using namespace holdfast::vrrp;
using holdfast::test::NetworkNamespace;

namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

DroppedAddress dropped(const std::string& address, std::uint32_t index = 0, const std::string& interface = {}) {
  return {*IpAddress::parse(address), index, interface};
}

struct World {
  NetworkNamespace space;
  NetworkNamespace::Inside inside{space};
  EventLoop loop;
  std::vector<FirewallRefused> refusals;
  int vanished = 0;
  FirewallTable table{loop, [this](const Event& event) {
                        if (const auto* refusal = std::get_if<FirewallRefused>(&event)) refusals.push_back(*refusal);
                        if (std::holds_alternative<FirewallVanished>(event)) ++vanished;
                      }};

  World() {
    NetworkNamespace::run("ip link add ens33 type veth peer name ens34");
    table.owned_by("/run/a.pid");
  }
  static std::uint32_t index(const char* name) { return if_nametoindex(name); }
  static std::string listed(const std::string& what = "ruleset") { return output_of("nft list " + what); }
  static bool there(const std::string& table) {
    return output_of("nft list tables").find(table + "\n") != std::string::npos;
  }
  void settle() {
    const TimePoint end = loop.now() + milliseconds(100);
    loop.run_until([&] { return loop.now() >= end; }, end);
  }
  void make(FirewallContent content, FirewallStyle style = {}) {
    table.make({style, parts_of(content), std::move(content)});
    settle();
  }
};

// keepalived 2.2.7's own, but for the comment and the order.
constexpr const char* expected_4 = R"(table ip keepalived {
	comment "holdfast /run/a.pid"
	map vmac_map {
		type iface_index : iface_index
		elements = { "ens34" : "ens33" }
	}

	set vips {
		type ipv4_addr
		elements = { 192.0.2.9 }
	}

	chain out {
		type filter hook output priority filter - 1; policy accept;
		ip protocol igmp meta oifkind "macvlan" dup to ip daddr device oif map @vmac_map drop
		ip saddr @vips drop
	}

	chain in {
		type filter hook input priority filter - 1; policy accept;
		ip daddr @vips drop
	}
}
)";

constexpr const char* expected_6 = R"(table ip6 other {
	comment "holdfast /run/a.pid"
	map vmac_map {
		type iface_index : iface_index
		elements = { "ens34" : "ens33" }
	}

	set vmac_set {
		type iface_index
		elements = { "ens34" }
	}

	set vips {
		type ipv6_addr
		elements = { 2001:db8::9 }
	}

	set neighbor-discovery {
		type icmpv6_type
		flags constant
		elements = { nd-neighbor-solicit,
			     nd-neighbor-advert }
	}

	set vips_link_local {
		type ipv6_addr . iface_index
		elements = { fe80::9 . "ens33" }
	}

	set vips_link_local_name {
		type ipv6_addr . ifname
		elements = { fe80::10 . "ens34" }
	}

	chain out {
		type filter hook output priority filter + 5; policy accept;
		icmpv6 type mld2-listener-report meta oifkind "macvlan" dup to ip6 daddr device oif map @vmac_map counter packets 0 bytes 0 drop
		icmpv6 type nd-router-solicit meta oifkind "macvlan" oif @vmac_set counter packets 0 bytes 0 drop
		icmpv6 type @neighbor-discovery counter packets 0 bytes 0 accept
		ip6 saddr fe80::/10 counter packets 0 bytes 0 goto out_link_local
		ip6 saddr @vips counter packets 0 bytes 0 drop
	}

	chain in {
		type filter hook input priority filter + 5; policy accept;
		icmpv6 type @neighbor-discovery counter packets 0 bytes 0 accept
		ip6 daddr fe80::/10 counter packets 0 bytes 0 goto in_link_local
		ip6 daddr @vips counter packets 0 bytes 0 drop
	}

	chain in_link_local {
		ip6 daddr . iifname @vips_link_local_name counter packets 0 bytes 0 drop
		ip6 daddr . iif @vips_link_local counter packets 0 bytes 0 drop
	}

	chain out_link_local {
		ip6 saddr . oifname @vips_link_local_name counter packets 0 bytes 0 drop
		ip6 saddr . oif @vips_link_local counter packets 0 bytes 0 drop
	}
}
)";

}  // namespace

TEST_CASE("a table of IPv4 has the sets, chains and rules of 2.2.7") {
  World world;
  world.make({{dropped("192.0.2.9")}, {{Family::IPv4, World::index("ens34"), World::index("ens33")}}});
  CHECK(world.refusals.empty());
  CHECK(World::listed() == expected_4);
}

TEST_CASE("a table of IPv6 with all its parts has the sets, chains and rules of 2.2.7") {
  World world;
  world.make({{dropped("2001:db8::9"), dropped("fe80::9", World::index("ens33")), dropped("fe80::10", 0, "ens34")},
              {{Family::IPv6, World::index("ens34"), World::index("ens33")}}},
             {"other", 5, true});
  CHECK(world.refusals.empty());
  CHECK(World::listed() == expected_6);
}

TEST_CASE("elements come and go") {
  World world;
  world.make({{dropped("192.0.2.9")}, {}});
  world.table.change({{{dropped("192.0.2.10")}, {}}, {{dropped("192.0.2.9")}, {}}});
  world.settle();
  CHECK(World::listed("set ip keepalived vips").find("elements = { 192.0.2.10 }") != std::string::npos);
  CHECK(world.refusals.empty());
}

TEST_CASE("five thousand elements of each family are one transaction") {
  World world;
  FirewallContent content;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    content.dropped.insert({IpAddress::v4(0x0a000000 + i), 0, {}});
    content.dropped.insert(dropped("fe80::" + std::to_string(1000 + i), World::index("ens33")));
  }
  world.make(content);
  CHECK(world.refusals.empty());
  CHECK(World::listed("set ip keepalived vips").find("10.0.19.135") != std::string::npos);
  CHECK(World::listed("set ip6 keepalived vips_link_local").find("fe80::5999 .") != std::string::npos);
}

TEST_CASE("what stood under the name goes, whoever made it") {
  World world;
  NetworkNamespace::run(
      "nft 'table ip keepalived { chain in { type filter hook input priority 0; }; set stale { type mark; }; }'");
  NetworkNamespace::run("nft 'table ip6 keepalived { set stale { type mark; }; }'");
  world.make({{dropped("192.0.2.9")}, {}});
  CHECK(World::listed().find("stale") == std::string::npos);
  CHECK_FALSE(World::there("table ip6 keepalived"));
  CHECK(world.refusals.empty());
}

TEST_CASE("it is removed, also when others were faster") {
  World world;
  world.make({{dropped("192.0.2.9")}, {}});
  world.table.remove({});
  world.settle();
  CHECK(World::listed().empty());
  world.make({{dropped("192.0.2.9")}, {}});
  NetworkNamespace::run("nft flush ruleset");
  world.table.remove({});
  world.settle();
  CHECK(world.refusals.empty());
}

TEST_CASE("a change of a table that is not there is refused, and says of what") {
  World world;
  world.make({{dropped("192.0.2.9")}, {}});
  NetworkNamespace::run("nft flush ruleset");
  world.table.change({{{dropped("192.0.2.10")}, {}}, {}});
  world.settle();
  CHECK(world.refusals == std::vector{FirewallRefused{FirewallRefused::What::Change,
                                                      "elements of set vips of table ip keepalived", false, ENOENT}});
}

TEST_CASE("tables that this daemon left under other names go, those of others stay") {
  World world;
  NetworkNamespace::run("nft add table ip left '{ comment \"holdfast /run/a.pid\"; }'");
  NetworkNamespace::run("nft add table ip6 left '{ comment \"holdfast /run/a.pid\"; }'");
  NetworkNamespace::run("nft add table ip other '{ comment \"holdfast /run/b.pid\"; }'");
  NetworkNamespace::run("nft add table inet filter");
  world.make({{dropped("192.0.2.9")}, {}});
  world.table.sweep({"keepalived"});
  world.settle();
  CHECK(output_of("nft list tables") == "table ip other\ntable inet filter\ntable ip keepalived\n");
  CHECK(world.refusals.empty());
}

TEST_CASE("a table that others removed is missed") {
  World world;
  world.make({{dropped("192.0.2.9")}, {}});
  world.table.check();
  world.settle();
  CHECK(world.vanished == 0);
  NetworkNamespace::run("nft flush ruleset");
  world.table.check();
  world.settle();
  CHECK(world.vanished == 1);
  CHECK(world.refusals.empty());
}
