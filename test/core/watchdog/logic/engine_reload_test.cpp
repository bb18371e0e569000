// Two children at different points of their start when a reload comes.
#include <catch2/catch.hpp>

#include "core/watchdog/logic/engine.h"
#include "test/core/watchdog/logic/times.h"
#include "test/support/effects_of.h"

using namespace holdfast;
using namespace holdfast::watchdog;
using holdfast::test::all;

namespace {

/// The checker runs, vrrp has its beginning with generation 1 and is not ready yet.
Engine half_started() {
  Engine engine({});
  engine.handle(Begin{{Role::Vrrp, Role::Checker}, 1, {}, {}}, at_ms(0));
  engine.handle(Spawned{Role::Vrrp, 100}, at_ms(0));
  engine.handle(Spawned{Role::Checker, 101}, at_ms(0));
  engine.handle(ChildReady{Role::Checker, 1}, at_ms(5));
  return engine;
}

const std::vector<Role> kBoth{Role::Vrrp, Role::Checker};

}  // namespace

TEST_CASE("a child that becomes ready after a reload is brought to what is in force") {
  Engine engine = half_started();
  CHECK(all<SendPrepare>(engine.handle(ReloadOffered{2, kBoth}, at_ms(6))).size() == 1);
  engine.handle(ChildPrepared{Role::Checker, 2, true, {}}, at_ms(7));
  CHECK(all<ReloadFinished>(engine.handle(ChildReady{Role::Checker, 2}, at_ms(8))).size() == 1);
  const auto asked = all<SendPrepare>(engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(9)));
  REQUIRE(asked.size() == 1);
  CHECK(asked.front().role == Role::Vrrp);
  CHECK(asked.front().generation == 2);
  CHECK(all<SendCommit>(engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at_ms(10))).size() == 1);
  CHECK(all<ReloadFinished>(engine.handle(ChildReady{Role::Vrrp, 2}, at_ms(11))).size() == 1);
}

TEST_CASE("one that becomes ready while the others are asked is asked too") {
  Engine engine = half_started();
  engine.handle(ReloadOffered{2, kBoth}, at_ms(6));
  CHECK(all<SendPrepare>(engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(7))).size() == 1);
  CHECK(all<SendCommit>(engine.handle(ChildPrepared{Role::Checker, 2, true, {}}, at_ms(8))).empty());
  CHECK(all<SendCommit>(engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at_ms(9))).size() == 2);
}

TEST_CASE("one that becomes ready while the others commit follows when they have") {
  Engine engine = half_started();
  engine.handle(ReloadOffered{2, kBoth}, at_ms(6));
  engine.handle(ChildPrepared{Role::Checker, 2, true, {}}, at_ms(7));
  CHECK(all<SendPrepare>(engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(8))).empty());
  CHECK(all<SendPrepare>(engine.handle(ChildReady{Role::Checker, 2}, at_ms(9))).size() == 1);
}
