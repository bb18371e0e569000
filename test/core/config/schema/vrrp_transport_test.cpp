#include "core/config/schema/vrrp_transport.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

const VrrpInstance& only(const Loaded& loaded) {
  return loaded.config.vrrp_instances.at(0);
}

}  // namespace

TEST_CASE("unicast is read with the limits of each peer") {
  const Loaded loaded =
      load_text(instance("unicast_src_ip 10.0.0.7\nunicast_peer {\n 10.0.0.8\n 10.0.0.9/24 min_ttl 60 "
                         "max_ttl 64\n}\nunicast_ttl 64\ncheck_unicast_src\nold_unicast_checksum never"));
  const VrrpInstance& i = only(loaded);
  CHECK(i.source_address == IpAddress::parse("10.0.0.7"));
  REQUIRE(i.unicast_peers.size() == 2);
  CHECK_FALSE(i.unicast_peers[0].min_ttl);
  CHECK(i.unicast_peers[1].address == *IpAddress::parse("10.0.0.9"));
  CHECK(i.unicast_peers[1].min_ttl == 60);
  CHECK(i.unicast_peers[1].max_ttl == 64);
  CHECK(i.unicast_ttl == std::uint8_t{64});
  CHECK(i.check_unicast_source);
  CHECK(i.old_unicast_checksum == OldUnicastChecksum::Never);
  CHECK_FALSE(mentions(loaded, "not used in this version"));
}

TEST_CASE("an instance may have no interface when it sends to peers from an address that it names") {
  const std::string rest = "virtual_router_id 5\nvirtual_ipaddress {\n 10.0.0.1\n}\nunicast_peer {\n 10.0.0.8\n}\n";
  const Loaded with = load_text("vrrp_instance I {\n" + rest + "unicast_src_ip 10.0.0.7\n}\n");
  REQUIRE(with.config.vrrp_instances.size() == 1);
  CHECK(only(with).interface.empty());
  const Loaded without = load_text("vrrp_instance I {\n" + rest + "}\n");
  CHECK(without.config.vrrp_instances.empty());
  CHECK(mentions(without, "Unknown interface"));
}

TEST_CASE("mcast_dst_ip is the group of its instance, of its family, and not with peers") {
  CHECK(only(load_text(instance("mcast_dst_ip 224.0.0.99"))).multicast_group == *IpAddress::parse("224.0.0.99"));
  const Loaded other = load_text(instance("mcast_dst_ip ff02::99"));
  CHECK(only(other).multicast_group == *IpAddress::parse("224.0.0.18"));
  CHECK(mentions(other, "mcast_dst_ip ff02::99 is not of the instance's address family"));
  const Loaded unicast = load_text(instance("mcast_dst_ip 224.0.0.99\nunicast_peer {\n 10.0.0.8\n}"));
  CHECK(only(unicast).multicast_group == *IpAddress::parse("224.0.0.18"));
}

TEST_CASE("vrrp_check_unicast_src counts for every instance, vrrp_mcast_group6 for those of IPv6") {
  const std::string six =
      "vrrp_instance J {\ninterface eth0\nvirtual_router_id 6\nnative_ipv6\nvirtual_ipaddress "
      "{\n fe80::9\n}\n}\n";
  const Loaded loaded =
      load_text(instance("") + six + "global_defs {\n vrrp_check_unicast_src\n vrrp_mcast_group6 ff02::77\n}\n");
  REQUIRE(loaded.config.vrrp_instances.size() == 2);
  CHECK(loaded.config.vrrp_instances[0].check_unicast_source);
  CHECK(loaded.config.vrrp_instances[1].multicast_group == *IpAddress::parse("ff02::77"));
  CHECK(loaded.config.vrrp_instances[1].version == 3);
}

TEST_CASE("peers of the other family than the first address do not count") {
  const Loaded loaded = load_text(instance("unicast_peer {\n fe80::8\n}"));
  CHECK_FALSE(only(loaded).unicast());
}
