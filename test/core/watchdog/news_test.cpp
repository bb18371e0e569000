#include "core/watchdog/news.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

constexpr TimePoint at(std::int64_t s) {
  return TimePoint(seconds(s));
}
using How = proto::ProcessChanged;

/// An engine whose every event is compared, as the process does it.
struct Watched {
  Engine engine{Policy{}};
  ChildNews news;
  std::vector<proto::ProcessChanged> told;

  void handle(const Event& event, TimePoint now) {
    engine.handle(event, now);
    compare();
  }
  void compare() {
    for (const auto& event : news.compare(engine, 1)) told.push_back(event.process_changed());
  }
  std::vector<How::How> hows() const {
    std::vector<How::How> list;
    for (const auto& change : told) list.push_back(change.how());
    return list;
  }
};

std::string instance(proto::VrrpState state, int priority, const std::string& fault = {}) {
  proto::VrrpInstanceRecord record;
  record.set_instance("VI_1");
  record.set_state(state);
  record.set_effective_priority(priority);
  if (!fault.empty()) record.add_fault_reasons(fault);
  return record.SerializeAsString();
}

std::string script(bool known, bool up, int status) {
  proto::VrrpScriptRecord record;
  record.set_script("chk");
  record.set_known(known);
  record.set_up(up);
  record.set_last_status(status);
  return record.SerializeAsString();
}

}  // namespace

TEST_CASE("a child's start, death and return are told once each") {
  Watched w;
  w.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at(1));
  w.handle(Spawned{Role::Vrrp, 102}, at(1));
  w.handle(ChildReady{Role::Vrrp, 1}, at(2));
  w.handle(ChildPong{Role::Vrrp, 1}, at(2));
  w.handle(Exited{Role::Vrrp, 102, true, 9, false}, at(9));
  w.handle(Spawned{Role::Vrrp, 103}, at(9));
  w.handle(ChildReady{Role::Vrrp, 1}, at(9));
  CHECK(w.hows() == std::vector{How::STARTED, How::RUNNING, How::DIED, How::STARTED, How::RUNNING});
  CHECK(w.told[2].pid() == 102);
  CHECK_FALSE(w.told[2].why().empty());
  CHECK(w.told[3].pid() == 103);
}

TEST_CASE("an orphan that comes back is adopted, not started") {
  Watched w;
  w.handle(Begin{{Role::Vrrp}, 1, {{Role::Vrrp, 77}}, {}}, at(1));
  w.handle(Attached{Role::Vrrp, 77, true}, at(2));
  CHECK(w.hows() == std::vector{How::ADOPTED});
  CHECK(w.told[0].pid() == 77);
}

TEST_CASE("an ordered stop is an end, not a death") {
  Watched w;
  w.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at(1));
  w.handle(Spawned{Role::Vrrp, 102}, at(1));
  w.handle(ChildReady{Role::Vrrp, 1}, at(2));
  w.handle(StopRequested{}, at(3));
  w.handle(ChildStopped{Role::Vrrp}, at(3));
  w.handle(Exited{Role::Vrrp, 102, false, 0, false}, at(3));
  CHECK(w.hows() == std::vector{How::STARTED, How::RUNNING, How::ENDED});
}

TEST_CASE("a stuck child is told when it is killed and when it is dead") {
  Watched w;
  w.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at(1));
  w.handle(Spawned{Role::Vrrp, 102}, at(1));
  w.handle(ChildReady{Role::Vrrp, 1}, at(2));
  for (TimePoint now = at(2); now < at(4); now += milliseconds(50)) {
    w.engine.on_deadline(now);
    w.compare();
  }
  w.handle(Exited{Role::Vrrp, 102, true, 6, false}, at(4));
  REQUIRE(w.told.size() >= 4);
  CHECK(w.told[2].how() == How::KILLED);
  CHECK(w.told[3].how() == How::DIED);
}

TEST_CASE("a change of state and a change of priority are two events, anything else is none") {
  const std::string key = instance_key("VI_1");
  const std::string backup = instance(proto::VRRP_BACKUP, 100);
  const std::string master = instance(proto::VRRP_MASTER, 100);
  const std::string lowered = instance(proto::VRRP_MASTER, 70);

  auto events = record_news(key, &backup, &master, 5);
  REQUIRE(events.size() == 1);
  CHECK(events[0].instance_changed().from() == proto::InstanceStatus::BACKUP);
  CHECK(events[0].instance_changed().to() == proto::InstanceStatus::MASTER);
  CHECK(events[0].instance_changed().priority() == 100);
  CHECK(events[0].time().nanos() == 5000);

  events = record_news(key, &master, &lowered, 5);
  REQUIRE(events.size() == 1);
  CHECK(events[0].priority_changed().from() == 100);
  CHECK(events[0].priority_changed().to() == 70);

  CHECK(record_news(key, &backup, &lowered, 5).size() == 2);
  CHECK(record_news(key, &master, &master, 5).empty());
  CHECK(record_news("something/else", &backup, &master, 5).empty());
}

TEST_CASE("an instance that begins or ends is told") {
  const std::string key = instance_key("VI_1");
  const std::string backup = instance(proto::VRRP_BACKUP, 100);
  const auto begun = record_news(key, nullptr, &backup, 5);
  REQUIRE(begun.size() == 1);
  CHECK(begun[0].instance_changed().from() == proto::InstanceStatus::INIT);
  const auto ended = record_news(key, &backup, nullptr, 5);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].instance_removed().instance() == "VI_1");
}

TEST_CASE("another reason for the same fault is told") {
  const std::string key = instance_key("VI_1");
  const std::string down = instance(proto::VRRP_FAULT, 100, "interface ens33 down");
  const std::string missing = instance(proto::VRRP_FAULT, 100, "interface ens33 missing");
  const auto events = record_news(key, &down, &missing, 5);
  REQUIRE(events.size() == 1);
  CHECK(events[0].instance_changed().fault_reasons(0) == "interface ens33 missing");
}

TEST_CASE("a script's change of result is told, and records that cannot be read are not") {
  const std::string key = script_key("chk");
  const std::string up = script(true, true, 0), down = script(true, false, 1), garbage = "\xff\xff";
  const auto events = record_news(key, &up, &down, 5);
  REQUIRE(events.size() == 1);
  CHECK(events[0].script_changed().from() == proto::ScriptStatus::UP);
  CHECK(events[0].script_changed().to() == proto::ScriptStatus::DOWN);
  CHECK(events[0].script_changed().last_exit_status() == 1);
  CHECK(record_news(key, &up, &up, 5).empty());
  CHECK(record_news(key, &up, nullptr, 5).empty());
  CHECK(record_news(key, &up, &garbage, 5).empty());
  CHECK(record_news(instance_key("VI_1"), &garbage, &garbage, 5).empty());
}

TEST_CASE("a last will and the end of a reload are told with what they did") {
  const auto will = last_will_news({"VI_1", {{2, *IpPrefix::parse("192.0.2.1/24")}}}, 5);
  CHECK(will.last_will_executed().instance() == "VI_1");
  CHECK(will.last_will_executed().addresses(0) == "192.0.2.1/24");
  CHECK(reload_news(true, 3, 5).reload_ended().accepted());
  CHECK(reload_news(false, 2, 5).reload_ended().generation() == 2);
}
