#include "core/config/settle_vmacs.h"

#include <catch2/catch.hpp>

#include "core/config/canonical.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

std::string router(const std::string& name, int vrid, const std::string& lines, const std::string& addresses,
                   const std::string& interface = "eth0") {
  return "vrrp_instance " + name + " {\n interface " + interface + "\n virtual_router_id " + std::to_string(vrid) +
         "\n virtual_ipaddress {\n" + addresses + "\n }\n" + lines + "\n}\n";
}

VrrpInstance only(const std::string& lines, const std::string& addresses = "10.0.0.1") {
  const Loaded loaded = load_text(router("I", 51, lines, addresses));
  REQUIRE(loaded.config.vrrp_instances.size() == 1);
  CHECK(canonical_text(load_text(canonical_text(loaded.config)).config) == canonical_text(loaded.config));
  return loaded.config.vrrp_instances[0];
}

std::string name_of(const std::vector<VrrpInstance>& all, std::size_t at) {
  return all.at(at).vmac ? all[at].vmac->name : "";
}

}  // namespace

TEST_CASE("use_vmac alone: the usual name, the MAC of the VRID, on the instance's interface") {
  const VrrpInstance instance = only("use_vmac");
  REQUIRE(instance.vmac);
  CHECK(instance.vmac->name == "vrrp.51");
  CHECK(instance.vmac->base == "eth0");
  CHECK(instance.vmac->mac.text() == "00:00:5e:00:01:33");
  CHECK(instance.vmac->ipv4);
  CHECK_FALSE(instance.vmac->ipv6);
  CHECK_FALSE(instance.vmac_xmit_base);
  CHECK_FALSE(instance.virtual_addresses[0].details->use_vmac);
  CHECK_FALSE(only("").vmac);
}

TEST_CASE("use_ipvlan: name, mode, group and address in any order") {
  const VrrpInstance instance = only("use_ipvlan vepa 10.0.0.51/24 foo group 7");
  REQUIRE(instance.vmac);
  CHECK(instance.vmac->ipvlan);
  CHECK(instance.vmac->name == "foo");
  CHECK(instance.vmac->base == "eth0");
  CHECK(instance.vmac->mode == IpvlanMode::Vepa);
  CHECK(instance.vmac->group == 7U);
  CHECK(instance.vmac->address == IpPrefix::parse("10.0.0.51/24"));
  CHECK(instance.vmac->ipv4);
  CHECK(only("use_ipvlan 10.0.0.51").vmac->name == "vrrp.51");
  CHECK(only("use_ipvlan 10.0.0.51").vmac->mode == IpvlanMode::Bridge);
  CHECK_FALSE(only("use_ipvlan fe80::1").vmac->address);
}

TEST_CASE("of use_vmac and use_ipvlan the macvlan counts, in any order") {
  CHECK_FALSE(only("use_ipvlan 10.0.0.51\nuse_vmac").vmac->ipvlan);
  CHECK_FALSE(only("use_vmac\nuse_ipvlan 10.0.0.51").vmac->ipvlan);
}

TEST_CASE("ipvlans of one interface have the mode of the first; a macvlan beside them is said") {
  const auto both = [](const char* second) {
    return load_text(router("A", 1, "use_ipvlan private 10.0.0.51", "10.0.0.1") + router("B", 2, second, "10.0.0.2"));
  };
  const Loaded loaded = both("use_ipvlan vepa 10.0.0.52");
  CHECK(loaded.config.vrrp_instances.at(1).vmac->mode == IpvlanMode::Private);
  CHECK(mentions(loaded, "(B) ipvlan mode vepa differs from private"));
  CHECK(mentions(both("use_vmac"), "carries a macvlan and an ipvlan"));
  CHECK_FALSE(mentions(both("use_ipvlan private 10.0.0.52"), "differs"));
}

TEST_CASE("netlink_notify_msg stays with its line") {
  CHECK(only("use_vmac netlink_notify_msg").vmac->tells_base);
  CHECK_FALSE(only("use_vmac").vmac->tells_base);
}

TEST_CASE("an IPv6 instance has the other MAC, and the same name when that is free") {
  const VrrpInstance instance = only("use_vmac", "fe80::1\n2001:db8::1");
  CHECK(instance.vmac->name == "vrrp.51");
  CHECK(instance.vmac->mac.text() == "00:00:5e:00:02:33");
  CHECK(instance.vmac->ipv6);
  CHECK_FALSE(instance.vmac->ipv4);
}

TEST_CASE("an excluded address of the other family switches that family on") {
  CHECK(only("use_vmac\nvirtual_ipaddress_excluded {\n2001:db8::1\n}").vmac->ipv6);
}

TEST_CASE("name, group and MAC stand in any order; five octets are completed by the VRID") {
  const VrrpInstance instance = only("use_vmac group 7 02:00:00:00:01 foo netlink_notify_msg");
  CHECK(instance.vmac->name == "foo");
  CHECK(instance.vmac->group == 7U);
  CHECK(instance.vmac->mac.text() == "02:00:00:00:01:33");
  CHECK(only("use_vmac 02:00:00:00:01:09").vmac->mac.text() == "02:00:00:00:01:09");
}

TEST_CASE("names that are taken: 6 for IPv6, else numbers from 1 on") {
  const std::vector<VrrpInstance> all =
      load_text(router("A", 51, "use_vmac", "10.0.0.1") + router("B", 51, "use_vmac", "fe80::1") +
                router("C", 51, "use_vmac", "10.1.0.1", "eth1") + router("D", 51, "use_vmac", "fe80::2", "eth1") +
                router("E", 52, "use_vmac vrrp2.51", "10.0.0.2"))
          .config.vrrp_instances;
  REQUIRE(all.size() == 5);
  CHECK(name_of(all, 0) == "vrrp.51");
  CHECK(name_of(all, 1) == "vrrp6.51");
  CHECK(name_of(all, 2) == "vrrp1.51");
  CHECK(name_of(all, 3) == "vrrp3.51");
  CHECK(name_of(all, 4) == "vrrp2.51");
}

TEST_CASE("prefixes of global_defs, cut when the name would be too long") {
  const std::string text = router("I", 200, "use_vmac", "10.0.0.1\n10.0.0.2 dev eth1 use_vmac");
  const Loaded loaded = load_text("global_defs {\n vmac_prefix abcdefghijklmn\n vmac_addr_prefix x\n}\n" + text);
  CHECK(name_of(loaded.config.vrrp_instances, 0) == "abcdefghijk.200");
  CHECK(loaded.config.vrrp_instances[0].address_vmacs.at(0).name == "x.200");
  const Loaded same = load_text("global_defs {\n vmac_prefix y\n}\n" + text);
  CHECK(same.config.vrrp_instances[0].address_vmacs.at(0).name == "y1.200");
}

TEST_CASE("addresses with use_vmac share one for each interface below") {
  const VrrpInstance instance =
      only("", "10.0.0.1\n10.1.0.1 dev eth1 use_vmac\n10.1.0.2 dev eth1 use_vmac foo\n10.0.0.3 use_vmac bar");
  CHECK_FALSE(instance.vmac);
  REQUIRE(instance.address_vmacs.size() == 2);
  CHECK(instance.address_vmacs[0].name == "vrrp.51");
  CHECK(instance.address_vmacs[0].base == "eth1");
  CHECK(instance.address_vmacs[1].name == "bar");
  CHECK(instance.address_vmacs[1].base == "eth0");
  CHECK_FALSE(instance.virtual_addresses[0].details->use_vmac);
  CHECK(*instance.virtual_addresses[2].details->use_vmac == "vrrp.51");
}

TEST_CASE("use_vmac_addr is use_vmac for all addresses on other interfaces") {
  const VrrpInstance instance = only("use_vmac_addr", "10.0.0.1\n10.0.0.2 dev eth0\n10.1.0.1 dev eth1");
  REQUIRE(instance.address_vmacs.size() == 1);
  CHECK(*instance.virtual_addresses[2].details->use_vmac == "vrrp.51");
  CHECK_FALSE(instance.virtual_addresses[1].details->use_vmac);
}

TEST_CASE("use_vmac on an address of the own interface is the instance's") {
  const VrrpInstance instance = only("use_vmac", "10.0.0.1 dev eth0 use_vmac");
  CHECK(instance.address_vmacs.empty());
  CHECK_FALSE(instance.virtual_addresses[0].details->use_vmac);
  CHECK(instance.virtual_addresses[0].interface.empty());
}

TEST_CASE("unicast adverts leave from the base, in strict mode none do") {
  const VrrpInstance unicast = only("use_vmac\nunicast_peer {\n10.0.0.9\n}");
  CHECK(unicast.vmac_xmit_base);
  CHECK_FALSE(only("use_vmac\nvmac_xmit_base\nstrict_mode on").vmac_xmit_base);
  CHECK(only("use_vmac\nvmac_xmit_base").vmac_xmit_base);
}

TEST_CASE("two instances cannot have one MAC on one interface") {
  const std::string second = router("B", 51, "use_vmac", "10.1.0.1", "eth1");
  CHECK(mentions(load_text(router("A", 51, "", "10.0.0.1\n10.1.0.2 dev eth1 use_vmac") + second), "uses same VMAC"));
  CHECK_FALSE(mentions(load_text(router("A", 51, "use_vmac", "10.0.0.1") + second), "uses same VMAC"));
}

TEST_CASE("vrf is for unicast without an interface") {
  const auto in_vrf = [](const std::string& lines) {
    return load_text("vrrp_instance V {\n vrf blue\n virtual_router_id 1\n virtual_ipaddress {\n 10.0.0.1\n }\n" +
                     lines + "}\n");
  };
  const std::string unicast = "unicast_src_ip 10.0.0.7\nunicast_peer {\n10.0.0.8\n}\n";
  CHECK(*in_vrf(unicast).config.vrrp_instances.at(0).vrf == "blue");
  CHECK(mentions(in_vrf(unicast + "interface eth0\n"), "(V) vrf blue beside an interface - ignoring vrf"));
  CHECK(in_vrf(unicast + "interface eth0\n").config.vrrp_instances.at(0).vrf.empty());
  CHECK(mentions(in_vrf("unicast_src_ip 10.0.0.7\n"), "(V) vrf blue needs unicast peers - ignoring vrf"));
}

TEST_CASE("priority changes are told as the instance says, else its group, else global_defs") {
  const auto told = [](const std::string& global, const std::string& group, const std::string& own) {
    const Loaded loaded =
        load_text("global_defs {\n" + global + "\n}\n" + router("A", 1, own, "10.0.0.1") +
                  router("B", 2, "", "10.0.0.2") + "vrrp_sync_group G {\n group {\n A\n B\n }\n" + group + "\n}\n");
    return loaded.config.vrrp_instances.at(0).notify_priority_changes;
  };
  const std::string on = "notify_priority_changes on", off = "notify_priority_changes off";
  CHECK_FALSE(told("", "", ""));
  CHECK(told("vrrp_" + on, "", ""));
  CHECK_FALSE(told("vrrp_" + on, off, ""));
  CHECK(told("", on, ""));
  CHECK_FALSE(told("", on, off));
  CHECK(told("", off, on));
}
