#include "core/config/schema/global_daemon.h"

#include <catch2/catch.hpp>

#include "core/config/canonical.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

Loaded globals(const std::string& lines) {
  return load_text("global_defs {\n" + lines + "\n}\n");
}

DaemonSettings daemon_of(const std::string& lines) {
  return globals(lines).config.global_defs.daemon;
}

}  // namespace

TEST_CASE("a process without a name is called as 2.2.7 calls it") {
  const ProcessNames none = daemon_of("").names;
  CHECK(none.of_watchdog() == "keepalived");
  CHECK(none.of_vrrp() == "keepalived");
  const ProcessNames standard = daemon_of("process_names\nprocess_name boss\nvrrp_process_name v").names;
  CHECK(standard.of_watchdog() == "boss");
  CHECK(standard.of_vrrp() == "v");
  CHECK(standard.of_checker() == "keepalived_lvs");
  const ProcessNames inherited = daemon_of("process_name boss\nlvs_process_name averylongnameofprocess").names;
  CHECK(inherited.of_vrrp() == "boss");
  CHECK(inherited.of_checker() == "averylongnameof");
}

TEST_CASE("nothing about the daemon is left as read but not used") {
  const std::string all =
      "process_names\nprocess_name a\nvrrp_process_name b\nchecker_process_name c\nuse_symlink_paths no\n"
      "set_supplementary_groups\nrandom_seed 5\ninclude_check read +match\ntmp_config_directory /t\n"
      "iproute_usr_dir /u\niproute_etc_dir /e\nstate_dump_file s\nstats_dump_file /d/\njson_dump_file j.json\n"
      "data_use_instance\nlvs_netlink_cmd_rcv_bufs 5000\nlvs_netlink_cmd_rcv_bufs_force\n"
      "lvs_netlink_monitor_rcv_bufs 6000\nlvs_netlink_monitor_rcv_bufs_force no";
  const Loaded loaded = globals(all);
  CHECK(loaded.diagnostics.list().empty());
  const DaemonSettings& daemon = loaded.config.global_defs.daemon;
  CHECK(daemon.use_symlink_paths == false);
  CHECK(daemon.set_supplementary_groups);
  CHECK(daemon.random_seed == 5);
  CHECK(daemon.include_checks == IncludeChecks{true, true, false, false});
  CHECK(daemon.dumps == DumpPlaces{"s", "/d/", "j.json", true});
  CHECK(daemon.lvs_netlink_cmd == ReceiveBuffer{5000, true});
  CHECK(daemon.lvs_netlink_monitor == ReceiveBuffer{6000, false});
  const Loaded again = load_text(canonical_text(loaded.config));
  CHECK(again.config.global_defs.daemon == daemon);
}

TEST_CASE("net_namespace_ipvs stands at the root") {
  const Loaded loaded = load_text("net_namespace_ipvs blue\n");
  CHECK(loaded.diagnostics.list().empty());
  CHECK(loaded.config.global_defs.daemon.net_namespace_ipvs == "blue");
  CHECK(load_text(canonical_text(loaded.config)).config.global_defs.daemon.net_namespace_ipvs == "blue");
}
