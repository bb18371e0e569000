#include "core/watchdog/status.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

constexpr TimePoint at(std::int64_t s) {
  return TimePoint(seconds(s));
}

config::Config sample_config() {
  config::Config config;
  config::VrrpScript script;
  script.name = "chk";
  script.script.argv = {"/bin/check", "-x"};
  config.vrrp_scripts.push_back(script);
  config::VrrpInstance instance;
  instance.name = "VI_1";
  instance.interface = "ens33";
  instance.virtual_router_id = 101;
  instance.priority = 90;
  config::VirtualAddress vip;
  vip.prefix = *IpPrefix::parse("172.18.8.231/24");
  instance.virtual_addresses.push_back(vip);
  vip.prefix = *IpPrefix::parse("192.0.2.1/32");
  vip.interface = "eth1";
  instance.excluded_addresses.push_back(vip);
  instance.track_scripts.push_back({"chk", {}, {}, {}});
  config.vrrp_instances.push_back(instance);
  return config;
}

struct World {
  config::Config config = sample_config();
  std::string file = "/etc/keepalived/keepalived.conf";
  Engine engine{Policy{}};
  RecordStore records;
  std::array<proto::Lateness, 2> lateness;
  std::array<std::optional<TimePoint>, 2> began_at;
  std::optional<KernelAddresses> kernel = KernelAddresses{{"ens33", *IpPrefix::parse("172.18.8.231/24")}};

  proto::DaemonStatus status(TimePoint now) {
    return status_of(
        {config, file, engine, records, lateness, began_at, kernel, 100, at(1), {now, 1'795'382'269'500'000}});
  }
  void remember(const proto::VrrpInstanceRecord& record) {
    records.upsert(Role::Vrrp, instance_key(record.instance()), record.SerializeAsString());
  }
};

proto::VrrpInstanceRecord backup_record() {
  proto::VrrpInstanceRecord record;
  record.set_instance("VI_1");
  record.set_state(proto::VRRP_BACKUP);
  record.set_base_priority(90);
  record.set_effective_priority(60);
  record.add_priority_reasons("script chk -30");
  record.set_since_us(to_us(at(100)));
  record.set_active_address(std::string("\xac\x12\x08\x02", 4));
  record.set_active_priority(100);
  return record;
}

}  // namespace

TEST_CASE("processes are shown with pid, uptime, restarts and why the last one died") {
  World w;
  w.engine.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at(1));
  w.engine.handle(Spawned{Role::Vrrp, 102}, at(1));
  w.engine.handle(ChildReady{Role::Vrrp, 1}, at(2));
  w.engine.handle(Exited{Role::Vrrp, 102, true, 9, false}, at(50));
  w.engine.handle(Spawned{Role::Vrrp, 103}, at(50));
  w.engine.handle(ChildReady{Role::Vrrp, 1}, at(51));
  w.lateness[0].add_buckets(5);
  w.lateness[0].set_worst_us(1500);
  const auto status = w.status(at(60));
  REQUIRE(status.processes_size() == 2);
  CHECK(status.processes(0).role() == "core");
  CHECK(status.processes(0).pid() == 100);
  CHECK(status.processes(0).uptime_s() == 59);
  const auto& vrrp = status.processes(1);
  CHECK(vrrp.role() == "vrrp");
  CHECK(vrrp.pid() == 103);
  CHECK(vrrp.state() == "running");
  CHECK(vrrp.uptime_s() == 10);
  CHECK(vrrp.restarts() == 1);
  CHECK(vrrp.last_death().find("9") != std::string::npos);
  CHECK(vrrp.generation() == 1);
  REQUIRE(vrrp.lateness().buckets_size() == 1);
  CHECK(vrrp.lateness().buckets(0).up_to_ms() == 0.1);
  CHECK(vrrp.lateness().buckets(0).count() == 5);
  CHECK(vrrp.lateness().worst_ms() == 1.5);
}

TEST_CASE("an adopted child is as old as it says, not as our link to it") {
  World w;
  w.engine.handle(Begin{{Role::Vrrp}, 1, {{Role::Vrrp, 77}}, {}}, at(50));
  w.engine.handle(Attached{Role::Vrrp, 77, true}, at(51));
  w.began_at[0] = at(10);
  CHECK(w.status(at(60)).processes(1).uptime_s() == 50);
}

TEST_CASE("an instance is shown from its record, its VIPs from the configuration and the kernel") {
  World w;
  w.remember(backup_record());
  const auto status = w.status(at(130));
  REQUIRE(status.instances_size() == 1);
  const auto& instance = status.instances(0);
  CHECK(instance.state() == proto::InstanceStatus::BACKUP);
  CHECK(instance.state_for_s() == 30);
  CHECK(instance.since().seconds() == 1'795'382'239);
  CHECK(instance.since().nanos() == 500'000'000);
  CHECK(instance.interface() == "ens33");
  CHECK(instance.virtual_router_id() == 101);
  CHECK(instance.effective_priority() == 60);
  CHECK(instance.base_priority() == 90);
  CHECK(instance.priority_reasons(0) == "script chk -30");
  CHECK(instance.master_address() == "172.18.8.2");
  CHECK(instance.master_priority() == 100);
  REQUIRE(instance.vips_size() == 2);
  CHECK(instance.vips(0).in_kernel());
  CHECK_FALSE(instance.vips(0).excluded());
  CHECK(instance.vips(1).has_in_kernel());
  CHECK_FALSE(instance.vips(1).in_kernel());
  CHECK(instance.vips(1).interface() == "eth1");
  CHECK(instance.vips(1).excluded());
}

TEST_CASE("when the kernel does not answer nothing is said about it") {
  World w;
  w.kernel.reset();
  CHECK_FALSE(w.status(at(1)).instances(0).vips(0).has_in_kernel());
}

TEST_CASE("without a record, or with one that cannot be read, an instance has no history") {
  World w;
  for (const char* value : {"", "\xff\xff\xff"}) {
    if (*value != '\0') w.records.upsert(Role::Vrrp, instance_key("VI_1"), value);
    const auto status = w.status(at(1));
    const auto& instance = status.instances(0);
    CHECK(instance.state() == proto::InstanceStatus::INIT);
    CHECK_FALSE(instance.has_since());
    CHECK(instance.effective_priority() == 90);
  }
}

TEST_CASE("a script is shown with its last result and who tracks it") {
  World w;
  CHECK(w.status(at(1)).scripts(0).result() == proto::ScriptStatus::UNKNOWN);
  proto::VrrpScriptRecord record;
  record.set_script("chk");
  record.set_known(true);
  record.set_up(false);
  record.set_last_status(1);
  record.set_in_a_row(2);
  w.records.upsert(Role::Vrrp, script_key("chk"), record.SerializeAsString());
  const auto status = w.status(at(1));
  const auto& script = status.scripts(0);
  CHECK(script.result() == proto::ScriptStatus::DOWN);
  CHECK(script.last_exit_status() == 1);
  CHECK(script.against() == 2);
  CHECK(script.command_size() == 2);
  CHECK(script.tracked_by(0) == "VI_1");
}

TEST_CASE("a reload in progress is shown until it has ended") {
  World w;
  w.engine.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at(1));
  w.engine.handle(Spawned{Role::Vrrp, 102}, at(1));
  w.engine.handle(ChildReady{Role::Vrrp, 1}, at(2));
  CHECK_FALSE(w.status(at(3)).configuration().reload_in_progress());
  w.engine.handle(ReloadOffered{2, {Role::Vrrp}}, at(3));
  CHECK(w.status(at(3)).configuration().reload_in_progress());
  CHECK(w.status(at(3)).configuration().generation() == 1);
  w.engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at(4));
  w.engine.handle(ChildReady{Role::Vrrp, 2}, at(5));
  CHECK_FALSE(w.status(at(6)).configuration().reload_in_progress());
  CHECK(w.status(at(6)).configuration().generation() == 2);
}
