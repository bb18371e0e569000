#include "vrrp/dump.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <stdlib.h>

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

constexpr TimePoint at(std::int64_t s) {
  return TimePoint(seconds(s));
}
/// Monotonic 1000 s is Sun Nov 22 21:17:49.815114 2026 UTC.
constexpr DumpTime kTime{at(1000), 1'795'382'269'815'114};

config::VirtualAddress vip(const char* prefix, const char* label = "") {
  config::VirtualAddress entry;
  entry.prefix = *IpPrefix::parse(prefix);
  entry.details.own().label = label;
  return entry;
}

InstanceView active() {
  InstanceView view;
  config::VrrpInstance& s = view.settings;
  s.name = "V";
  s.interface = "d0";
  s.virtual_router_id = 5;
  s.authentication = config::Authentication::Pass;
  s.auth_pass = "abcd";
  s.virtual_addresses = {vip("192.0.2.9/24", "d0:1"), vip("192.0.2.10")};
  s.track_scripts.push_back({"chk", {}, {}, {}});
  s.notify.own().any.argv = {"/run/kt/n.sh", "ex\"tra"};
  s.garp.own().repeat = 1;
  InstanceRecord& r = view.record;
  r.instance = "V";
  r.state = State::Active;
  r.base_priority = 100;
  r.effective_priority = 110;
  r.priority_reasons = {"script chk +10"};
  r.since = at(1000);
  r.peers_down_interval = Duration(3'609'375);
  view.statistics.adverts_sent = 8;
  view.statistics.became_active = 2;
  view.source = *IpAddress::parse("192.0.2.1");
  view.next_deadline = at(1001);
  return view;
}

InstanceView backup() {
  InstanceView view;
  config::VrrpInstance& s = view.settings;
  s.name = "W";
  s.interface = "d0";
  s.virtual_router_id = 6;
  s.version = 3;
  s.priority = 90;
  s.advert_interval = centiseconds(50);
  s.preempt = false;
  s.virtual_addresses = {vip("192.0.2.11")};
  s.excluded_addresses = {vip("192.0.2.12")};
  s.track_interfaces.push_back({"eth1", -20, false, {}});
  InstanceRecord& r = view.record;
  r.state = State::Backup;
  r.effective_priority = 90;
  r.since = at(990);
  r.learned_interval = centiseconds(2);
  r.active_address = *IpAddress::parse("192.0.2.2");
  r.active_priority = 200;
  return view;
}

EngineView sample() {
  EngineView view;
  view.globals.router_id = "RT";
  view.globals.umask = 0177;
  view.instances = {active(), backup()};
  ScriptView script;
  script.settings.name = "chk";
  script.settings.script.argv = {"/usr/bin/test", "-e", "/run/kt/flag"};
  script.settings.weight = 10;
  script.record.script = "chk";
  script.record.known = script.record.up = true;
  script.record.last_status = 0;
  view.scripts.push_back(script);
  return view;
}

}  // namespace

TEST_CASE("the JSON is keepalived's, key by key") {
  CHECK(
      json_text(sample(), kTime) ==
      R"([{"data":{"iname":"V","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,"vmac_ifname":"",)"
      R"("ifp_ifname":"d0","master_priority":0,"last_transition":1795382269.815114,"garp_delay":5,"garp_refresh":0,)"
      R"("garp_rep":1,"garp_refresh_rep":1,"garp_lower_prio_delay":5,"garp_lower_prio_rep":1,"lower_prio_no_advert":0,)"
      R"("higher_prio_send_advert":0,"vrid":5,"base_priority":100,"effective_priority":110,"vipset":true,)"
      R"("promote_secondaries":false,"adver_int":1,"master_adver_int":1,"accept":1,"nopreempt":false,"preempt_delay":0,)"
      R"("state":2,"wantstate":2,"version":2,"smtp_alert":false,"notify_deleted":false,)"
      R"("script":"'\/run\/kt\/n.sh' 'ex\"tra'",)"
      R"("vips":["192.0.2.9\/24 dev d0 scope global label d0:1 set","192.0.2.10 dev d0 scope global set"],)"
      R"("track_script":["'\/usr\/bin\/test' '-e' '\/run\/kt\/flag'"],"auth_type":1,"auth_data":"********"},)"
      R"("stats":{"advert_rcvd":0,"advert_sent":8,"become_master":2,"release_master":0,"packet_len_err":0,)"
      R"("advert_interval_err":0,"ip_ttl_err":0,"invalid_type_rcvd":0,"addr_list_err":0,"invalid_authtype":0,)"
      R"("authtype_mismatch":0,"auth_failure":0,"pri_zero_rcvd":0,"pri_zero_sent":0}},)"
      R"({"data":{"iname":"W","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,"vmac_ifname":"",)"
      R"("ifp_ifname":"d0","master_priority":200,"last_transition":1795382259.815114,"garp_delay":5,"garp_refresh":0,)"
      R"("garp_rep":5,"garp_refresh_rep":1,"garp_lower_prio_delay":5,"garp_lower_prio_rep":5,"lower_prio_no_advert":0,)"
      R"("higher_prio_send_advert":0,"vrid":6,"base_priority":90,"effective_priority":90,"vipset":false,)"
      R"("promote_secondaries":false,"adver_int":0.5,"master_adver_int":0.02,"accept":1,"nopreempt":true,)"
      R"("preempt_delay":0,"state":1,"wantstate":1,"version":3,"smtp_alert":false,"notify_deleted":false,)"
      R"("vips":["192.0.2.11 dev d0 scope global"],"evips":["192.0.2.12 dev d0 scope global"],"track_ifp":["eth1"],)"
      R"("auth_type":0},)"
      R"("stats":{"advert_rcvd":0,"advert_sent":0,"become_master":0,"release_master":0,"packet_len_err":0,)"
      R"("advert_interval_err":0,"ip_ttl_err":0,"invalid_type_rcvd":0,"addr_list_err":0,"invalid_authtype":0,)"
      R"("authtype_mismatch":0,"auth_failure":0,"pri_zero_rcvd":0,"pri_zero_sent":0}}])");
}

TEST_CASE("a sync group is shown with its state and members, and each member with its group") {
  EngineView view;
  view.instances = {active(), backup()};
  view.groups.push_back({});
  view.groups[0].settings.name = "G";
  view.groups[0].settings.members = {view.instances[0].settings.name, view.instances[1].settings.name};
  view.groups[0].settings.notify.any.argv = {"/bin/tell"};
  view.groups[0].state = State::Active;
  const std::string text = data_text(view, {}, {});
  const std::string& first = view.instances[0].settings.name;
  const std::string& second = view.instances[1].settings.name;
  CHECK(text.find(
            "------< VRRP Sync groups >------\n VRRP Sync Group = G, MASTER\n   Num member fault 0, num member init 0\n"
            "   VRRP member instances :\n     " +
            first + "\n     " + second + "\n   Generic state transition script = ") != std::string::npos);
  const std::size_t mention = text.find("   Sync group = G\n");
  REQUIRE(mention != std::string::npos);
  CHECK(text.find("   Sync group = G\n", mention + 1) != std::string::npos);
}

TEST_CASE("where mails go and who mails is shown as keepalived shows it") {
  EngineView view;
  view.instances = {active(), backup()};
  view.instances[0].settings.smtp_alert = true;
  config::GlobalDefs& globals = view.globals;
  globals.mail.server = "10.0.0.1";
  globals.mail.port = 2525;
  globals.mail.helo_name = "us";
  globals.mail.from = "me@x";
  globals.mail.recipients = {"a@x", "Bob <b@x>"};
  globals.smtp_alert = true;
  globals.smtp_alert_vrrp = false;
  globals.no_email_faults = true;
  const std::string text = data_text(view, {}, {});
  CHECK(text.find(" Smtp server = 10.0.0.1\n Smtp server port = 2525\n Smtp HELO name = us\n"
                  " Smtp server connection timeout = 30\n Email notification from = me@x\n Email notification to:\n"
                  "   a@x\n   Bob <b@x>\n Default smtp_alert = on\n Default smtp_alert_vrrp = off\n"
                  " Default smtp_alert_checker = unset\n") != std::string::npos);
  CHECK(text.find(" Send emails for fault transitions = off\n") != std::string::npos);
  const std::size_t yes = text.find("   Using smtp notification = yes\n");
  REQUIRE(yes != std::string::npos);
  CHECK(text.find("   Using smtp notification = no\n", yes) != std::string::npos);
  CHECK(json_text(view, kTime).find(R"("smtp_alert":true,)") != std::string::npos);
}

TEST_CASE("without instances the JSON is an empty array") {
  CHECK(json_text({}, kTime) == "[]");
}

TEST_CASE("text of the configuration cannot break the JSON") {
  EngineView view;
  view.instances.push_back(active());
  view.instances[0].settings.name = "a\"b\\c/d\n\x01";
  CHECK(json_text(view, kTime).starts_with(R"([{"data":{"iname":"a\"b\\c\/d\n\u0001",)"));
}

TEST_CASE("the data has keepalived's labels, and the histogram of lateness at its end") {
  setenv("TZ", "UTC", 1);
  tzset();
  Lateness lateness;
  lateness.add(Duration(50));
  lateness.add(Duration(2500));
  lateness.add(seconds(2));
  const std::string text = data_text(sample(), lateness, kTime);
  CHECK(text.starts_with("------< Global definitions >------\n Network namespace = (default)\n Router ID = RT\n"));
  CHECK(text.find(
            " umask = 0177\n------< VRRP Topology >------\n VRRP Instance = V\n   VRRP Version = 2\n   State = MASTER\n"
            "   Wantstate = MASTER\n") != std::string::npos);
  for (const char* line :
       {"   Last transition = 1795382269.815114 (Sun Nov 22 21:17:49.815114 2026)\n",
        "   Read timeout = 1795382270.815114 (Sun Nov 22 21:17:50.815114 2026)\n",
        "   Master down timer = 3609375 usecs\n",
        "   Interface = d0\n   Using src_ip = 192.0.2.1\n   Multicast address 224.0.0.18\n   Gratuitous ARP delay = "
        "5\n",
        "   Virtual Router ID = 5\n   Priority = 100\n   Effective priority = 110\n", "   Advert interval = 1 sec\n",
        "   Authentication type = SIMPLE_PASSWORD\n   Password = ********\n",
        "   Virtual IP (2):\n     192.0.2.9/24 dev d0 scope global label d0:1 set\n     192.0.2.10 dev d0 scope global "
        "set\n",
        "   Tracked scripts :\n     chk weight 10\n",
        "   Generic state transition script = '/run/kt/n.sh' 'ex\"tra'\n   Notify priority changes = false\n",
        " VRRP Instance = W\n   VRRP Version = 3\n   State = BACKUP\n   Master router = 192.0.2.2\n",
        "   Advert interval = 500 milli-sec\n   Master advert interval = 20 milli-sec\n", "   Preempt = disabled\n",
        "   Virtual IP Excluded (1):\n     192.0.2.12 dev d0 scope global\n",
        "   Tracked interfaces :\n     eth1 weight -20\n",
        "------< VRRP Scripts >------\n VRRP Script = chk\n   Command = '/usr/bin/test' '-e' '/run/kt/flag'\n   "
        "Interval = 1 sec\n",
        "   Status = GOOD\n", "   Tracking instances :\n     V, weight 10\n   State = idle\n"}) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.find("abcd") == std::string::npos);
  CHECK(
      text.ends_with("------< Timer lateness >------\n"
                     " Within 0.1 ms = 1\n Within 0.3 ms = 0\n Within 1 ms = 0\n Within 3 ms = 1\n Within 10 ms = 0\n"
                     " Within 30 ms = 0\n Within 100 ms = 0\n Within 300 ms = 0\n Within 1000 ms = 0\n Later = 1\n"
                     " Worst = 2000 ms\n"));
}

TEST_CASE("the data tells the peers of a unicast instance, and no group") {
  EngineView view;
  view.instances.push_back(active());
  config::VrrpInstance& s = view.instances[0].settings;
  s.version = 3;
  s.interface = "";
  s.source_address = IpAddress::parse("192.0.2.1");
  s.unicast_ttl = std::uint8_t{9};
  s.check_unicast_source = true;
  s.unicast_peers = {{*IpAddress::parse("192.0.2.2"), {}, {}, {}}, {*IpAddress::parse("192.0.2.3"), 3, {}, {}}};
  view.instances[0].record.old_checksum_peer = s.unicast_peers[0].address;
  const std::string text = data_text(view, {}, kTime);
  for (const char* lines : {"   Flags:\n     Using unicast\n", "   Using src_ip = 192.0.2.1 (from configuration)\n",
                            "   Unicast TTL = 9\n   Check unicast src : yes\n   Unicast Peer :\n     192.0.2.2\n"
                            "     192.0.2.3 min_ttl 3 max_ttl 255\n   Unicast checksum compatibility = yes\n",
                            "     192.0.2.10 scope global set\n"}) {
    INFO(lines);
    CHECK(text.find(lines) != std::string::npos);
  }
  CHECK(text.find("Multicast address") == std::string::npos);
}

namespace {

EngineView tracking() {
  EngineView view;
  InstanceView one = active();
  one.settings.track_files.push_back({"load", {}, {}, {}});
  one.settings.track_processes.push_back({"web", -5, true, {}});
  view.instances = {one};
  view.files.push_back({{"load", "/run/load", 2, false, {}, false, {}}, 7});
  config::TrackProcess web;
  web.name = "web";
  web.process = "/usr/sbin/nginx";
  web.parameters = {"-g", "x"};
  web.terminate_delay = milliseconds(500);
  view.processes.push_back({web, 3, true, at(1001)});
  return view;
}

}  // namespace

TEST_CASE("tracked files and processes are dumped with what is known of them") {
  const std::string text = data_text(tracking(), {}, kTime);
  for (const char* line :
       {"   Tracked files :\n     load weight 2\n", "   Tracked processes :\n     web weight -5 reverse\n",
        " Track file = load\n   File = /run/load\n   Status = 7\n", "     V, weight -5\n",
        " VRRP Track process = web\n   Process = /usr/sbin/nginx\n   Parameters = -g x\n",
        "   Current processes = 3\n   Have quorum = true\n", "   Terminate delay timer running\n"}) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("json_version 2 has the instances and the processes under their own keys") {
  EngineView view = tracking();
  view.globals.json_version = 2;
  const std::string text = json_text(view, kTime);
  CHECK(text.starts_with(R"({"vrrp":[{"data":{"iname":"V")"));
  CHECK(text.find(R"("track_process":["web"])") != std::string::npos);
  CHECK(text.ends_with(
      R"("track_process":[{"process":"\/usr\/sbin\/nginx","parameters":"-g x","param_match":"exact","min_processes":1,)"
      R"("max_processes":65536,"current_processes":3,"have_quorum":true,"weight":0,"terminate_delay":0.5,"fork_delay":0,)"
      R"("fork_delay_timer_running":false,"terminate_delay_timer_running":true,"full_command":false}]})"));
}

TEST_CASE("a macvlan is shown with what lies below it") {
  EngineView view = sample();
  config::VrrpInstance& s = view.instances[0].settings;
  s.vmac.emplace();
  s.vmac->name = "vrrp.5";
  s.vmac->base = "d0";
  s.vmac_xmit_base = true;
  view.instances[0].record.vmacs = {{"vrrp.5", 9}};
  const std::string json = json_text(view, kTime);
  CHECK(json.find(R"("vmac_ifname":"vrrp.5","ifp_ifname":"vrrp.5",)") != std::string::npos);
  CHECK(json.find(R"(192.0.2.9\/24 dev vrrp.5@d0 scope global)") != std::string::npos);
  const std::string data = data_text(view, {}, kTime);
  CHECK(data.find("   Use VMAC, i/f name vrrp.5, is_up = true, xmit_base = true\n"
                  "   Interface = vrrp.5, vmac on d0, xmit base i/f\n") != std::string::npos);
}
