// Tried with keepalived 2.2.7.
#include "core/config/lint_address.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
Loaded entry(const std::string& line) {
  return load_text(instance("no_virtual_ipaddress", line));
}
VirtualAddress only(const Loaded& loaded) {
  REQUIRE(loaded.config.vrrp_instances.size() == 1);
  REQUIRE(loaded.config.vrrp_instances[0].virtual_addresses.size() == 1);
  return loaded.config.vrrp_instances[0].virtual_addresses[0];
}
int code(const std::string& line) {
  return exit_code(entry(line).diagnostics);
}
}  // namespace

TEST_CASE("an address with a peer has the peer's prefix and no broadcast address") {
  const Loaded prefixed = entry("10.0.0.1/24 peer 10.0.0.9/30");
  CHECK(mentions(prefixed, "10.0.0.1 has a peer, so its own prefix length is ignored"));
  CHECK(only(prefixed).prefix.length == 32);
  CHECK(only(entry("10.0.0.1 brd 10.0.0.255 peer 10.0.0.9")).broadcast_kind == Broadcast::None);
  CHECK(code("10.0.0.1 brd 10.0.0.255 peer 10.0.0.9") == 5);
  CHECK(code("10.0.0.1 peer 10.0.0.9") == 0);
  CHECK(mentions(entry("10.0.0.1 peer 10.0.0.9 peer 10.0.0.8"), "a second peer, 10.0.0.8 - ignoring"));
}

TEST_CASE("a net of one or two addresses has no broadcast address") {
  CHECK(code("10.0.0.1/31 brd +") == 5);
  CHECK(code("10.0.0.1 brd -") == 5);
  CHECK(code("10.0.0.1/30 brd +") == 0);
  CHECK(code("10.0.0.1/32 brd 10.0.0.255") == 0);
}

TEST_CASE("an IPv6 address has no scope of its own, and none at all with a broadcast address") {
  CHECK(code("fe80::1/64 scope link") == 5);
  CHECK_FALSE(only(entry("fe80::1/64 scope link")).scope);
  const Loaded broadcast = entry("fe80::1/64 brd +");
  CHECK(mentions(broadcast, "k.conf:5:3: IPv6 address fe80::1 cannot have a broadcast address - skipping it"));
  CHECK(broadcast.config.vrrp_instances.at(0).virtual_addresses.empty());
}

TEST_CASE("an address is on one interface") {
  const Loaded loaded = entry("10.0.0.1 dev eth0 dev eth1");
  CHECK(mentions(loaded, "10.0.0.1 has more than one dev - skipping it"));
  CHECK(loaded.config.vrrp_instances.at(0).virtual_addresses.empty());
}
