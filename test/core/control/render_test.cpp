#include "core/control/render.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <stdlib.h>

using namespace holdfast;
using namespace holdfast::control;

namespace {

void in_utc() {
  setenv("TZ", "UTC", 1);
  tzset();
}

proto::DaemonStatus sample() {
  proto::DaemonStatus status;
  status.mutable_configuration()->set_file("/etc/keepalived/keepalived.conf");
  status.mutable_configuration()->set_generation(2);
  auto& core = *status.add_processes();
  core.set_role("core");
  core.set_pid(100);
  core.set_state("running");
  core.set_uptime_s(3723);
  auto& vrrp = *status.add_processes();
  vrrp.set_role("vrrp");
  vrrp.set_pid(102);
  vrrp.set_state("running");
  vrrp.set_uptime_s(4.25);
  vrrp.set_restarts(1);
  vrrp.set_last_death("Keepalived_vrrp exited due to signal 9");
  auto& early = *vrrp.mutable_lateness()->add_buckets();
  early.set_up_to_ms(0.1);
  early.set_count(41);
  vrrp.mutable_lateness()->add_buckets()->set_count(2);
  vrrp.mutable_lateness()->set_worst_ms(1250);
  auto& master = *status.add_instances();
  master.set_name("VI_1");
  master.set_state(proto::InstanceStatus::MASTER);
  master.mutable_since()->set_seconds(1);
  master.set_state_for_s(65);
  master.set_interface("ens33");
  master.set_virtual_router_id(101);
  master.set_base_priority(100);
  master.set_effective_priority(70);
  master.add_priority_reasons("script chk -30");
  auto& vip = *master.add_vips();
  vip.set_address("172.18.8.231/24");
  vip.set_interface("ens33");
  vip.set_in_kernel(true);
  auto& fault = *status.add_instances();
  fault.set_name("VI_2");
  fault.set_state(proto::InstanceStatus::FAULT);
  fault.mutable_since()->set_seconds(1);
  fault.set_interface("eth9");
  fault.set_virtual_router_id(7);
  fault.set_base_priority(90);
  fault.set_effective_priority(90);
  fault.add_fault_reasons("interface eth9 missing");
  auto& other = *fault.add_vips();
  other.set_address("192.0.2.1/32");
  other.set_interface("eth9");
  other.set_excluded(true);
  auto& backup = *status.add_instances();
  backup.set_name("VI_3");
  backup.set_state(proto::InstanceStatus::BACKUP);
  backup.mutable_since()->set_seconds(1);
  backup.set_state_for_s(90000);
  backup.set_interface("ens33");
  backup.set_virtual_router_id(8);
  backup.set_base_priority(90);
  backup.set_effective_priority(90);
  backup.set_master_address("172.18.8.2");
  backup.set_master_priority(200);
  auto& script = *status.add_scripts();
  script.set_name("chk");
  script.set_result(proto::ScriptStatus::DOWN);
  script.set_last_exit_status(1);
  script.add_command("/bin/check");
  script.add_command("-x");
  script.add_tracked_by("VI_1");
  return status;
}

}  // namespace

TEST_CASE("a status is one aligned page") {
  CHECK(text(sample(), Colour::None) ==
        "Configuration /etc/keepalived/keepalived.conf (generation 2)\n"
        "\n"
        "PROCESS  PID  STATE    UPTIME  RESTARTS  LAST DEATH\n"
        "core     100  running  1h02m   0         -\n"
        "vrrp     102  running  4.2s    1         Keepalived_vrrp exited due to signal 9\n"
        "\n"
        "INSTANCE  STATE   FOR    INTERFACE  VRID  PRIORITY                  MASTER\n"
        "VI_1      MASTER  1m05s  ens33      101   70 (100, script chk -30)  this host\n"
        "VI_2      FAULT   0.0s   eth9       7     90                        -\n"
        "  fault: interface eth9 missing\n"
        "VI_3      BACKUP  1d01h  ens33      8     90                        172.18.8.2 (200)\n"
        "\n"
        "VIP              INTERFACE  IN KERNEL  INSTANCE\n"
        "172.18.8.231/24  ens33      yes        VI_1\n"
        "192.0.2.1/32     eth9       unknown    VI_2 (excluded)\n"
        "\n"
        "SCRIPT  RESULT  LAST RUN  TRACKED BY  COMMAND\n"
        "chk     down    exit 1    VI_1        /bin/check -x\n"
        "\n"
        "Timer lateness of vrrp:  <=0.1ms 41  later 2  worst 1250ms\n");
}

TEST_CASE("a VIP that a backup has, or that a master has not, is painted as wrong") {
  proto::DaemonStatus status = sample();
  status.mutable_instances(0)->mutable_vips(0)->set_in_kernel(false);
  CHECK(text(status, Colour::Ansi).find("\033[31mno\033[0m") != std::string::npos);
  status.mutable_instances(0)->mutable_vips(0)->set_in_kernel(true);
  status.mutable_instances(0)->set_state(proto::InstanceStatus::BACKUP);
  CHECK(text(status, Colour::Ansi).find("\033[31myes\033[0m") != std::string::npos);
  CHECK(text(status, Colour::None).find('\033') == std::string::npos);
}

TEST_CASE("each event is one line with its time") {
  in_utc();
  proto::Happening event;
  event.mutable_time()->set_seconds(1795382269);
  event.mutable_time()->set_nanos(815'114'000);
  auto& changed = *event.mutable_instance_changed();
  changed.set_instance("VI_1");
  changed.set_from(proto::InstanceStatus::BACKUP);
  changed.set_to(proto::InstanceStatus::MASTER);
  changed.set_priority(100);
  CHECK(text(event, Colour::None) == "2026-11-22 21:17:49.815  (VI_1) BACKUP -> MASTER, priority 100\n");

  auto& died = *event.mutable_process_changed();
  died.set_role("vrrp");
  died.set_pid(7);
  died.set_how(proto::ProcessChanged::DIED);
  died.set_why("killed");
  CHECK(text(event, Colour::None) == "2026-11-22 21:17:49.815  vrrp process 7 died: killed\n");

  event.mutable_last_will_executed()->set_instance("VI_1");
  event.mutable_last_will_executed()->add_addresses("192.0.2.1/24");
  CHECK(text(event, Colour::None) == "2026-11-22 21:17:49.815  (VI_1) last will executed, removed 192.0.2.1/24\n");
}

TEST_CASE("JSON has the names of control.proto, one line per event") {
  proto::Happening event;
  event.mutable_reload_ended()->set_accepted(true);
  event.mutable_reload_ended()->set_generation(3);
  CHECK(json(event, Layout::OneLine) == "{\"reload_ended\":{\"accepted\":true,\"generation\":3}}\n");

  const std::string status = json(sample(), Layout::OneLine);
  CHECK(status.find("\"in_kernel\":true") != std::string::npos);
  CHECK(status.find("\"state\":\"MASTER\"") != std::string::npos);
  CHECK(status.find("\"effective_priority\":70,\"base_priority\":100,\"priority_reasons\":[\"script chk -30\"]") !=
        std::string::npos);
}
