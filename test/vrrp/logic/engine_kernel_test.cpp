#include <catch2/catch.hpp>

#include "test/vrrp/logic/engine_facts.h"

namespace holdfast::vrrp {

TEST_CASE("a resync restores a VIP whose removal was lost") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  engine.reconfigure(config, {}, kNow);
  const IpPrefix vip = config.vrrp_instances[0].virtual_addresses[0].prefix;
  engine.handle(AddressAppeared{2, vip, true}, kNow);
  engine.handle(ResyncStarted{}, kNow);
  tell_facts(engine);
  CHECK(count<AddAddresses>(engine.handle(ResyncFinished{}, kNow)) == 1);
}

TEST_CASE("a resync that finds the interface gone faults the instance") {
  Engine engine;
  tell_facts(engine);
  config::Config config;
  config.vrrp_instances.push_back(instance(1, 255));
  engine.reconfigure(config, {}, kNow);
  engine.handle(ResyncStarted{}, kNow);
  engine.handle(ResyncFinished{}, kNow);
  CHECK(engine.records()[0].state == State::Fault);
}

}  // namespace holdfast::vrrp
