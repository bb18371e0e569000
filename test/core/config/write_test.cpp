#include "core/config/write.h"

#include <catch2/catch.hpp>

#include "core/config/print.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

void check_round_trip(const std::string& text) {
  const Loaded loaded = load_text(text);
  INFO(text);
  for (const std::string& line : messages(loaded)) UNSCOPED_INFO(line);
  CHECK_FALSE(loaded.diagnostics.has(Severity::Warning));
  Diagnostics diagnostics;
  const Tree tree = write(loaded.config);
  CHECK(interpret(tree, diagnostics) == loaded.config);
  CHECK(diagnostics.list().empty());
  CHECK(print(write(load_text(print(tree)).config)) == print(tree));
}

}  // namespace

TEST_CASE("interpret(write(c)) == c for what every block can say") {
  check_round_trip("");
  check_round_trip(
      "instance a\nnet_namespace b\nuse_pid_dir\nchild_wait_time 7\nglobal_defs {\n router_id \"x y\"\n script_user u "
      "g\n"
      " enable_script_security\n startup_script \"/bin/a 'b c'\" u g\n max_auto_priority\n vrrp_rt_priority 5\n"
      " vrrp_priority -3\n vrrp_no_swap\n vrrp_cpu_affinity 0 2\n vrrp_rlimit_rttime 77\n umask 027\n"
      " log_unknown_vrids\n dynamic_interfaces\n vrrp_min_garp\n vrrp_garp_interval 0.002\n vrrp_version 3\n"
      " vrrp_mcast_group4 224.0.0.77\n orphan_grace 1.5\n vip_lifetime 10\n vrrp_down_timer_adverts 4\n"
      " vrrp_startup_delay 2.5\n vrrp_owner_ignore_adverts\n vrrp_garp_lower_prio_repeat 0\n}\n");
  check_round_trip(
      "vrrp_script S {\n script \"/bin/s '' \\\\x22\"\n interval 0.5\n timeout 3\n weight -2 reverse\n rise 2\n fall "
      "3\n"
      " user u g\n init_fail\n}\n" +
      instance("state MASTER\npriority 7\nversion 3\nadvert_int 0.25\ntrack_script {\n S weight 3 noreverse\n S\n}\n"
               "track_interface {\n eth9 weight -1 reverse\n}\ndont_track_primary\nnotify_master \"/bin/n a\" u\n"
               "notify_deleted /bin/d\nnotify /bin/any\ngarp_master_delay 0\ngarp_lower_prio_delay 3\n"
               "mcast_src_ip 10.0.0.7\nlower_prio_no_advert\nskip_check_adv_addr no\nvip_lifetime 9\n"
               "virtual_ipaddress_excluded {\n fe80::5/64 dev eth7 home -nodad preferred_lft forever\n}",
               "10.0.0.1/24 dev eth1 scope link brd + label eth1:1 no_track noprefixroute\n 10.0.0.2 peer 10.0.0.3 brd "
               "10.9.9.9"));
  check_round_trip(
      "vrrp_instance I {\n interface e\n virtual_router_id 3\n native_ipv6\n no_virtual_ipaddress\n nopreempt\n}\n");
  check_round_trip(
      instance("authentication {\n auth_type PASS\n auth_pass \"a#b\"\n}\npreempt_delay 1.25\nnotify_deleted"));
}
