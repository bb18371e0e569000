#include "core/config/lint_vrrp_advice.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
/// The lines are advised against with these words, and -t goes on saying 0.
void check_advice(const std::string& lines, const std::string& text) {
  const Loaded loaded = load_text(instance(lines));
  INFO(lines);
  CHECK(mentions(loaded, text));
  CHECK(exit_code(loaded.diagnostics) == 0);
}
/// keepalived grumbles too: exit 5.
void check_warning(const std::string& lines, const std::string& text) {
  const Loaded loaded = load_text(instance(lines));
  INFO(lines);
  CHECK(mentions(loaded, text));
  CHECK(exit_code(loaded.diagnostics) == 5);
  CHECK_FALSE(loaded.diagnostics.has(Severity::Error));
}
}  // namespace

TEST_CASE("state MASTER without priority is explained") {
  check_advice("state MASTER", "means priority 255, the address owner");
  CHECK_FALSE(mentions(load_text(instance("state MASTER\npriority 100")), "address owner"));
  CHECK_FALSE(mentions(load_text(instance("state BACKUP")), "address owner"));
}

TEST_CASE("a hasty interval is explained") {
  check_advice("version 3\nadvert_int 0.01", "take over after 0.03 s without an advert");
  CHECK_FALSE(mentions(load_text(instance("version 3\nadvert_int 0.1")), "take over after"));
}

TEST_CASE("weights that cannot do what they look like are explained") {
  check_warning("priority 255\ntrack_interface {\neth1 weight 5\n}", "due to address owner");
  check_advice("nopreempt\ntrack_interface {\neth1 weight -5\n}", "nopreempt and the weight of eth1");
  CHECK_FALSE(mentions(load_text(instance("nopreempt\ntrack_interface {\neth1\n}")), "nopreempt and"));
}

TEST_CASE("unicast peers that cannot work are explained") {
  check_advice("unicast_src_ip 10.0.0.9\nunicast_peer {\n10.0.0.9\n}", "own source address");
  check_advice("unicast_peer {\n10.0.0.9\n10.0.0.9\n}", "is listed twice: it gets each advert twice");
  check_warning("unicast_peer {\n10.0.0.9 min_ttl 9 max_ttl 3\n}", "min_ttl 9 > max_ttl 3 - all packets");
  check_warning("unicast_ttl 4", "Cannot use unicast_ttl without unicast peers - resetting");
  check_warning("mcast_dst_ip 224.0.0.19\nunicast_peer {\n10.0.0.9\n}", "multicast destination specified with unicast");
}

TEST_CASE("a source that is a virtual address, and an IPv6 router without a link-local address") {
  check_advice("mcast_src_ip 10.0.0.1", "is one of its own virtual addresses");
  CHECK(mentions(load_text(instance("", "2001:db8::1")), "RFC 9568 wants a link-local address there"));
  CHECK_FALSE(mentions(load_text(instance("", "fe80::1\n2001:db8::1")), "RFC 9568"));
}

TEST_CASE("settings of the VMAC that go for nothing") {
  check_warning("vmac_xmit_base", "vmac_xmit_base is only valid with a vmac");
  check_warning("use_vmac\npromote_secondaries", "promote_secondaries is automatically set for vmacs");
  check_warning("use_vmac\nunicast_peer {\n10.0.0.9\n}", "unicast with use_vmac requires vmac_xmit_base - setting");
}
