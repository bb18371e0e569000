#include <catch2/catch.hpp>

#include "test/vrrp/logic/engine_facts.h"

namespace holdfast::vrrp {

TEST_CASE("VIPs of a record whose instance is gone are removed") {
  Engine engine;
  tell_facts(engine);
  Past past;
  past.died_at = kNow;
  past.instances.push_back({});
  past.instances[0].instance = "gone";
  past.instances[0].state = State::Active;
  past.instances[0].addresses.push_back({2, instance(1, 1).virtual_addresses[0], {}});
  const Effects out = engine.reconfigure({}, past, kNow);
  CHECK(count<RemoveAddresses>(out) == 1);
  CHECK(count<ForgetInstance>(out) == 1);
}

}  // namespace holdfast::vrrp
