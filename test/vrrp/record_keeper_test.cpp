// Records and wills on their way to core, and again to the next one when core died.
#include "vrrp/record_keeper.h"

#include "test/core/ipc/played_core.h"
#include "test/vrrp/logic/engine_facts.h"
#include "vrrp/wire.h"

namespace holdfast::vrrp {
namespace {

/// The vrrp process without its sockets: an engine, and a link to core.
struct Child {
  Engine engine;
  TimePoint now = kNow;
  test::PlayedCore core{[this] { records.say_again(engine.records()); }};
  RecordKeeper records{*core.link};

  Child() { tell_facts(engine); }

  void turn(const Effects& effects) {
    for (const Effect& effect : effects) {
      records.keep(effect);
      const auto* added = std::get_if<AddAddresses>(&effect);
      if (added == nullptr) continue;
      for (const KernelAddress& address : added->addresses)
        turn(engine.handle(AddressAppeared{address.interface_index, address.entry.prefix, false}, now));
    }
    core.link->flush();
    test::settle(core.loop);
  }
  void configure(const std::vector<config::VrrpInstance>& instances) {
    config::Config config;
    config.vrrp_instances = instances;
    turn(engine.reconfigure(config, {}, now));
  }
  void pass(Duration time) {
    for (const TimePoint end = now + time; const auto due = engine.next_deadline(); turn(engine.on_deadline(now))) {
      if (*due > end) break;
      now = *due;
    }
  }
  void unplug(bool up) {
    LinkChanged link;
    link.index = 2;
    link.name = "ens33";
    link.up = up;
    turn(engine.handle(link, now));
  }
};

}  // namespace

TEST_CASE("a new core gets the records and wills that the dead one had") {
  Child child;
  config::VrrpInstance listener = instance(3, 100);
  listener.interface = "absent";
  child.configure({instance(1, 200), instance(2, 150), listener});
  child.pass(seconds(20));
  const auto records = child.core.records;
  const auto wills = child.core.wills;
  REQUIRE(records.size() == 3);
  REQUIRE(wills.size() == 2);
  child.core.next();
  CHECK(child.core.records == records);
  CHECK(child.core.wills == wills);
}

TEST_CASE("a new core gets what changed while there was none, and the changes after it") {
  Child child;
  child.configure({instance(1, 200)});
  child.pass(seconds(20));
  REQUIRE(child.core.wills.size() == 1);
  child.core.die();
  child.unplug(false);
  child.core.come_back();
  child.core.adopt();
  CHECK(child.core.wills.empty());
  CHECK(instance_from_wire("instance/V1", child.core.records.at("instance/V1"))->state == State::Fault);
  child.unplug(true);
  child.pass(seconds(20));
  CHECK(child.core.wills.size() == 1);
  CHECK(instance_from_wire("instance/V1", child.core.records.at("instance/V1"))->state == State::Active);
  child.configure({});
  CHECK(child.core.records.empty());
  CHECK(child.core.wills.empty());
  child.core.next();
  CHECK(child.core.records.empty());
  CHECK(child.core.wills.empty());
}

}  // namespace holdfast::vrrp
