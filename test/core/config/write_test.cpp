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
  CHECK_FALSE(diagnostics.has(Severity::Warning));
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
      instance("state MASTER\npriority 7\nversion 3\nadvert_int 0.25\ntrack_script {\n S weight 3 noreverse\n}\n"
               "track_interface {\n eth9 weight -1 reverse\n}\ndont_track_primary\nnotify_master \"/bin/n a\" u\n"
               "notify_deleted /bin/d\nnotify /bin/any\ngarp_master_delay 0\ngarp_lower_prio_delay 3\n"
               "mcast_src_ip 10.0.0.7\nlower_prio_no_advert\nskip_check_adv_addr no\nvip_lifetime 9\n"
               "virtual_ipaddress_excluded {\n fe80::5/64 dev eth7 home -nodad preferred_lft forever\n}",
               "10.0.0.1/24 dev eth1 scope link brd + label eth1:1 no_track noprefixroute\n 10.0.0.2 peer 10.0.0.3\n "
               "10.0.0.4/24 brd 10.0.0.99"));
  check_round_trip(
      "vrrp_instance I {\n interface e\n virtual_router_id 3\n native_ipv6\n no_virtual_ipaddress\n nopreempt\n}\n");
  check_round_trip(
      instance("authentication {\n auth_type PASS\n auth_pass \"a#b\"\n}\npreempt_delay 1.25\nnotify_deleted"));
}

TEST_CASE("lines of keywords that nobody uses yet are given back, but for those that are wrong") {
  const std::string text =
      "global_defs {\n notification_email {\n a@b\n }\n smtp_server 10.0.0.1 25\n enable_traps\n}\n" +
      instance("unicast_peer {\n 10.0.0.2 min_ttl 3\n}\nsmtp_alert\nvirtual_routes {\n 10.0.0.0/8 dev e\n}") +
      "bfd_instance b {\n neighbor_ip 10.0.0.1\n}\nvrrp_sync_group g {\n group {\n I\n }\n}\n";
  Diagnostics diagnostics;
  const Config config = load_text(text).config;
  CHECK(interpret(write(config), diagnostics) == config);
  const std::string printed = print(write(config));
  for (const char* part : {"a@b", "smtp_server 10.0.0.1 25", "enable_traps", "10.0.0.2 min_ttl 3", "smtp_alert",
                           "10.0.0.0/8 dev e", "neighbor_ip 10.0.0.1", "vrrp_sync_group g"}) {
    INFO(printed);
    CHECK(printed.find(part) != std::string::npos);
  }
  const Config wrong = load_text("bfd_instance b {\n neighbor_ip 10.0.0.1\n ttl 300\n}\n").config;
  CHECK(print(write(wrong)).find("ttl") == std::string::npos);
  CHECK(print(write(wrong)).find("neighbor_ip") != std::string::npos);
}

TEST_CASE("interpret(write(c)) == c for what the checker's blocks can say") {
  const std::string everything =
      "delay_loop 6.5\n retry 2\n delay_before_retry 0.25\n warmup 0\n alpha\n log_all_failures\n";
  const std::string endpoint =
      everything +
      "connect_ip 10.9.0.1\n connect_port 81\n bindto 10.9.0.2\n bind_port 82\n bind_if eth7\n fwmark 9\n"
      " connect_timeout 1.5\n check_deadline 2.5\n";
  check_round_trip(
      instance("") +
      "global_defs {\n lvs_timeouts tcp 1 tcpfin 2 udp 3\n lvs_flush\n lvs_flush_on_stop VS\n"
      " lvs_sync_daemon eth0 inst I id 3 maxlen 900 port 8848 ttl 2 group 224.0.0.81\n checker_priority -2\n"
      " checker_no_swap\n checker_rt_priority 3\n checker_cpu_affinity 1\n checker_rlimit_rttime 5\n"
      " ipvs_reconcile_interval 0\n checker_merge off\n check_deadline 4\n rs_init_notifies\n"
      " checker_log_all_failures\n smtp_alert_checker no\n}\n"
      "track_file f {\n file \"/x y\"\n weight -2 reverse\n init_file 3 overwrite\n}\n"
      "SSL {\n password \"p q\"\n ca /a\n certificate /b\n key /c\n}\n"
      "virtual_server_group g {\n 10.0.1.1-9 80\n 10.0.2.0/24 80\n 10.0.3.250-10.0.4.3 80\n 10.0.5.5 80\n"
      " fwmark 7 inet\n fwmark 8\n}\n"
      "virtual_server_group m {\n fwmark 17\n}\n"
      "virtual_server 10.0.0.1 80 {\n lb_algo mh\n mh-port\n mh-fallback\n lb_kind TUN type gre csum\n"
      " protocol TCP\n persistence_engine sip\n persistence_timeout 50\n persistence_granularity 255.255.0.0\n"
      " ha_suspend\n alpha\n omega\n smtp_alert\n virtualhost v\n snmp_name n\n quorum 3\n hysteresis 2\n"
      " quorum_up \"/up 'a b'\" u g\n quorum_down /down\n sorry_server 10.0.0.9 81\n"
      " sorry_server_lvs_method NAT\n sorry_server_inhibit\n weight 9\n inhibit_on_failure\n retry 7\n delay_loop 3\n"
      " connect_timeout 2\n check_deadline 3\n"
      " real_server 2001:db8::2 80 {\n lvs_method TUN type gue port 6080 remcsum\n uthreshold 5\n lthreshold 2\n"
      " notify_up /u u\n notify_down \"/d x\"\n alpha no\n inhibit_on_failure no\n smtp_alert\n snmp_name r\n"
      " TCP_CHECK {\n}\n DNS_CHECK {\n" +
      endpoint + " type AAAA\n name a.b\n}\n TCP_CHECK {\n" + endpoint + "}\n UDP_CHECK {\n" + endpoint +
      " payload 00ff\n require_reply 1x2X\n min_reply_length 1\n max_reply_length 2\n}\n PING_CHECK {\n" + endpoint +
      "}\n SMTP_CHECK {\n" + endpoint + " helo_name h\n}\n MISC_CHECK {\n" + everything +
      " misc_path \"/m 'a b'\"\n misc_timeout 9\n misc_dynamic\n user u g\n}\n FILE_CHECK {\n track_file f\n}\n"
      " FILE_CHECK {\n track_file f\n weight 0\n}\n HTTP_GET {\n" +
      endpoint +
      " virtualhost w\n http_protocol 1.0C\n fast_recovery\n url {\n path \"/a b\"\n"
      " digest 000102030405060708090a0b0c0d0e0f\n status_code 200 300-302\n virtualhost x\n regex \"a\\\\.b 'c\"\n"
      " regex_no_match\n regex_options utf caseless\n regex_min_offset 1\n regex_max_offset 9\n regex_stack 5 6\n }\n"
      " url {\n path /\n}\n}\n SSL_GET {\n enable_sni\n sni_name s\n tls_verify\n tls_compliant\n url {\n path /\n"
      " tls_compliant no\n}\n}\n}\n real_server 10.0.0.3 80 {\n weight 0\n}\n}\n"
      "virtual_server fwmark 3 {\n ip_family inet6\n lb_algo rr\n lb_kind DR\n real_server fe80::4 {\n}\n}\n"
      "virtual_server group g {\n protocol UDP\n ops\n lb_algo sh\n lb_kind NAT\n flag-3\n"
      " real_server 10.0.0.3 8080 {\n TCP_CHECK {\n}\n}\n}\n"
      "virtual_server group m {\n lb_algo sh\n lb_kind NAT\n real_server fe80::3 {\n}\n}\n"
      "virtual_server fe80::1 {\n protocol SCTP\n lb_algo rr\n lb_kind NAT\n persistence_granularity 64\n"
      " real_server fe80::3 {\n}\n}\n");
}
