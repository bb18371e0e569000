#include "core/config/schema/global_lvs.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
Loaded globals(const std::string& lines) {
  return load_text("global_defs {\n" + lines + "\n}\n");
}
LvsSyncDaemon daemon_of(const std::string& words) {
  const Loaded loaded = globals("lvs_sync_daemon " + words);
  for (const std::string& line : messages(loaded)) UNSCOPED_INFO(line);
  REQUIRE(loaded.config.global_defs.lvs_sync_daemon);
  return *loaded.config.global_defs.lvs_sync_daemon;
}
}  // namespace

TEST_CASE("timeouts of the kernel's table: those that are named") {
  const LvsTimeouts timeouts = globals("lvs_timeouts tcp 7200 udp 0").config.global_defs.lvs_timeouts;
  CHECK(timeouts == LvsTimeouts{7200, std::nullopt, 0});
  CHECK(mentions(globals("lvs_timeouts foo 5"), "Unknown option foo specified for lvs_timeouts"));
  CHECK(mentions(globals("lvs_timeouts tcp 2678401"), "outside range [0, 2678400]"));
  CHECK(exit_code(globals("lvs_timeouts").diagnostics) == 5);
}

TEST_CASE("flushing at stop has three settings, and an older spelling") {
  CHECK(globals("").config.global_defs.lvs_flush_on_stop == LvsFlushOnStop::Off);
  CHECK(globals("lvs_flush_on_stop").config.global_defs.lvs_flush_on_stop == LvsFlushOnStop::Everything);
  CHECK(globals("lvs_flush_onstop VS").config.global_defs.lvs_flush_on_stop == LvsFlushOnStop::VirtualServers);
  CHECK(mentions(globals("lvs_flush_on_stop vs"), "invalid value 'vs' for lvs_flush_on_stop"));
}

TEST_CASE("the sync daemon names interface, instance, id and the rest, with or without words") {
  LvsSyncDaemon full{"eth0", "VI", 7, 1500, 8848, 3, IpAddress::parse("224.0.0.81"), {}};
  CHECK(daemon_of("eth0 inst VI id 7 maxlen 1500 port 8848 ttl 3 group 224.0.0.81") == full);
  CHECK(daemon_of("eth0 VI 7 ttl 3 port 8848 group 224.0.0.81 maxlen 1500") == full);
  CHECK(daemon_of("eth0").vrrp_instance.empty());
  CHECK(mentions(globals("lvs_sync_daemon eth0 id 256"), "outside range [0, 255]"));
  CHECK(mentions(globals("lvs_sync_daemon eth0 group 10.0.0.1"), "is not a multicast address"));
  CHECK(mentions(globals("lvs_sync_daemon a\nlvs_sync_daemon b"), "lvs_sync_daemon has already been specified as a"));
  const Loaded old = load_text(instance("lvs_sync_daemon_interface eth7"));
  REQUIRE(old.config.global_defs.lvs_sync_daemon);
  CHECK(old.config.global_defs.lvs_sync_daemon->interface == "eth7");
  CHECK(old.config.global_defs.lvs_sync_daemon->vrrp_instance == "I");
}

TEST_CASE("the checker's own keywords") {
  const Config plain = globals("").config;
  CHECK(plain.global_defs.ipvs_reconcile_interval == seconds(10));
  CHECK(plain.global_defs.checker_merge);
  const Loaded loaded = globals(
      "ipvs_reconcile_interval 0\nchecker_merge off\ncheck_deadline 2.5\nchecker_priority -4\n"
      "checker_rt_priority 9\nchecker_rlimit_rttime 77\nchecker_no_swap\n"
      "checker_cpu_affinity 1 2\nlvs_flush\nrs_init_notifies\nchecker_log_all_failures");
  CHECK(messages(loaded, Severity::Note).empty());
  const GlobalDefs& defs = loaded.config.global_defs;
  CHECK(defs.ipvs_reconcile_interval == Duration::zero());
  CHECK_FALSE(defs.checker_merge);
  CHECK(defs.check_deadline == milliseconds(2500));
  CHECK(defs.checker_priority == -4);
  CHECK(defs.checker_rt_priority == 9);
  CHECK(defs.checker_rlimit_rttime == microseconds(77));
  CHECK(defs.checker_cpu_affinity == std::vector<int>{1, 2});
  CHECK((defs.checker_no_swap && defs.lvs_flush && defs.rs_init_notifies && defs.checker_log_all_failures));
}

TEST_CASE("nftables_ipvs names a table or not, and its numbers have keepalived's ranges") {
  const auto marks = [](const std::string& lines) { return globals(lines).config.global_defs.marks; };
  CHECK(marks("") == MarksSettings{});
  CHECK(marks("").table().empty());
  CHECK(marks("nftables_ipvs").table() == "keepalived_ipvs");
  CHECK(marks("nftables_ipvs mine\nnftables_ipvs other").table() == "mine");
  CHECK(marks("nftables_ipvs " + std::string(255, 'a')).table().size() == 255);
  CHECK_FALSE(marks("nftables_ipvs " + std::string(256, 'a')).wanted());
  CHECK(exit_code(globals("nftables " + std::string(256, 'a')).diagnostics) == 5);
  const MarksSettings set = marks("nftables_ipvs_priority -2147483648\nnftables_ipvs_start_fwmark 4294967295");
  CHECK_FALSE(set.wanted());
  CHECK(set.priority == -2147483648);
  CHECK(set.start == 4294967295U);
  CHECK(mentions(globals("nftables_ipvs_start_fwmark 0"), "number '0' outside range [1, 4294967295]"));
  CHECK(marks("nftables_ipvs_start_fwmark 0").start == 1000);
}
