#include "core/config/schema/virtual_address.h"

#include <catch2/catch.hpp>

#include "core/config/schema/entries.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
const VirtualAddress* first(const Loaded& loaded) {
  if (loaded.config.vrrp_instances.empty() || loaded.config.vrrp_instances[0].virtual_addresses.empty()) return nullptr;
  return &loaded.config.vrrp_instances[0].virtual_addresses[0];
}
Loaded entry(const std::string& line) {
  return load_text(instance("", line));
}
}  // namespace

TEST_CASE("an address has a prefix of its own or the longest") {
  CHECK(first(entry("10.0.0.1"))->prefix.length == 32);
  CHECK(first(entry("10.0.0.1/24"))->prefix.length == 24);
  CHECK(first(entry("fe80::1"))->prefix.length == 128);
}

TEST_CASE("every option of an address is kept") {
  const Loaded loaded = entry(
      "10.0.0.1/24 dev eth1 scope link brd + label eth1:1 noprefixroute autojoin no_track "
      "preferred_lft 60 use_vmac v1");
  CHECK_FALSE(loaded.diagnostics.has(Severity::Warning));
  const VirtualAddress& a = *first(loaded);
  CHECK(*a.interface == "eth1");
  CHECK(a.scope == 253);
  CHECK(a.broadcast_kind == Broadcast::AllOnes);
  CHECK(a.details->label == "eth1:1");
  CHECK(first(entry("10.0.0.1 peer 10.0.0.2/30"))->details->peer->text() == "10.0.0.2/30");
  CHECK((a.noprefixroute && a.autojoin && a.no_track));
  CHECK(a.details->preferred_lft_s == 60U);
  CHECK(*a.details->use_vmac == "v1");
  const Loaded six = entry("fe80::1 home -nodad mngtmpaddr preferred_lft forever");
  CHECK((first(six)->home && first(six)->duplicate_address_detection && first(six)->mngtmpaddr));
  CHECK(first(six)->details->preferred_lft_s == UINT32_MAX);
}

TEST_CASE("what is wrong with an address is said in keepalived's words") {
  CHECK(mentions(entry("10.0.0.x/24"), "k.conf:5:3: VRRP parsed invalid IP 10.0.0.x/24. skipping IP..."));
  CHECK(mentions(entry("10.0.0.1/33"), "Invalid address prefix len 33 for address 10.0.0.1/33 - using 32"));
  CHECK(mentions(entry("10.0.0.1 labl x"), "did you mean 'label'?"));
  CHECK(mentions(entry("10.0.0.1 scope 300"), "Invalid scope '300'"));
  CHECK(mentions(entry("10.0.0.1 label 1234567890123456"), "is too long"));
  CHECK(mentions(entry("10.0.0.1 peer fe80::1"), "Invalid peer address"));
  CHECK(mentions(entry("10.0.0.1 brd fe80::1"), "Invalid broadcast address"));
  CHECK(mentions(entry("fe80::1 label x"), "label is not allowed for IPv6"));
  CHECK(mentions(entry("10.0.0.1 dev"), "dev of 10.0.0.1 has no value - ignoring"));
  CHECK(mentions(entry("10.0.0.1 track_group G"), "Unknown configuration entry 'track_group'"));
}
