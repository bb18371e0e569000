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

TEST_CASE("weights that definitions say count as those of the tracker's line") {
  const std::string script = "vrrp_script s {\n script /x\n weight 7\n}\n";
  const std::string track = " track_script {\n s\n }";
  const Loaded owner = load_text(script + instance(" priority 255\n" + track));
  CHECK(mentions(owner, "ignoring weight of tracked s due to address owner (priority 255) (weight 7 is from line 3)"));
  CHECK(exit_code(owner.diagnostics) == 5);
  CHECK(mentions(load_text(script + instance(" nopreempt\n" + track)), "nopreempt and the weight of s"));
  CHECK_FALSE(mentions(load_text(script + instance(" nopreempt\n track_script {\n s weight 0\n }")), "nopreempt and"));
  CHECK(mentions(load_text("track_file f {\n file /x\n}\n" + instance(" nopreempt\n track_file {\n f\n }")),
                 "nopreempt and the weight of f"));
  CHECK(mentions(load_text("vrrp_track_process p {\n process x\n weight 3\n}\n" +
                           instance(" nopreempt\n track_process {\n p\n }")),
                 "nopreempt and the weight of p"));
  CHECK(mentions(load_text("bfd_instance b {\n neighbor_ip 10.0.0.9\n weight 3\n}\n" +
                           instance(" priority 255\n track_bfd {\n b\n }")),
                 "ignoring weight of tracked b"));
}

TEST_CASE("words that count no more are said") {
  CHECK(exit_code(load_text(instance("linkbeat_use_polling")).diagnostics) == 5);
  CHECK(mentions(load_text(instance("vrf blue")), "Cannot specify VRF interface and interface"));
  CHECK(mentions(load_text(instance("state MASTER\nstate BACKUP\npriority 9")), "state previously set as MASTER"));
  CHECK(mentions(load_text(instance("track_interface {\n eth1 weight 254\n}")),
                 "(I) weight for eth1 cannot be +/-254. Setting to 253"));
}
