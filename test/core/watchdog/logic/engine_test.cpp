// What the scenario files cannot say: two roles, events out of turn, and a long random life in which nothing may be lost.
#include "core/watchdog/logic/engine.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <random>

#include "test/core/watchdog/logic/times.h"
#include "test/support/effects_of.h"

using namespace holdfast;
using namespace holdfast::watchdog;
using holdfast::test::all;

namespace {

/// An engine whose vrrp child (pid 100) runs.
Engine running(Policy policy = {}) {
  Engine engine(policy);
  engine.handle(Begin{{Role::Vrrp}, 1, {}, {}}, at_ms(0));
  engine.handle(Spawned{Role::Vrrp, 100}, at_ms(0));
  engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(5));
  return engine;
}

}  // namespace

TEST_CASE("with nothing to run the startup is complete at once") {
  Engine engine({});
  const Effects effects = engine.handle(Begin{{}, 1, {}, {}}, at_ms(0));
  CHECK(all<StartupComplete>(effects).size() == 1);
  CHECK_FALSE(engine.next_deadline());
  CHECK(all<Finish>(engine.handle(StopRequested{}, at_ms(1))).size() == 1);
}

TEST_CASE("the startup is complete when every child is ready, and only once") {
  Engine engine({});
  Effects effects = engine.handle(Begin{{Role::Vrrp, Role::Checker}, 1, {}, {}}, at_ms(0));
  CHECK(all<Spawn>(effects) == std::vector<Spawn>{{Role::Vrrp}, {Role::Checker}});
  engine.handle(Spawned{Role::Vrrp, 100}, at_ms(0));
  engine.handle(Spawned{Role::Checker, 101}, at_ms(0));
  CHECK(all<StartupComplete>(engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(5))).empty());
  CHECK(all<StartupComplete>(engine.handle(ChildReady{Role::Checker, 1}, at_ms(6))).size() == 1);
  engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(100));
  engine.handle(Spawned{Role::Vrrp, 102}, at_ms(100));
  CHECK(all<StartupComplete>(engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(105))).empty());
}

TEST_CASE("the death of one child leaves the other alone") {
  Engine engine({});
  engine.handle(Begin{{Role::Vrrp, Role::Checker}, 1, {}, {}}, at_ms(0));
  engine.handle(Spawned{Role::Vrrp, 100}, at_ms(0));
  engine.handle(Spawned{Role::Checker, 101}, at_ms(0));
  engine.handle(ChildReady{Role::Vrrp, 1}, at_ms(5));
  engine.handle(ChildReady{Role::Checker, 1}, at_ms(5));
  engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(100));
  CHECK(engine.child(Role::Checker).state() == ChildState::Running);
  CHECK(engine.child(Role::Vrrp).state() == ChildState::Starting);
}

TEST_CASE("a lost link is blamed on the child whose link it was, not on its successor") {
  Engine engine = running();
  engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(50));
  engine.handle(LinkLost{Role::Vrrp, "closed by the peer", false, 100},
                at_ms(50));  // told before the successor has a pid
  CHECK(engine.child(Role::Vrrp).state() == ChildState::Starting);
  engine.handle(Spawned{Role::Vrrp, 101}, at_ms(50));
  CHECK(engine.handle(LinkLost{Role::Vrrp, "rubbish", true, 100}, at_ms(51)).empty());
  CHECK(engine.child(Role::Vrrp).state() == ChildState::Starting);
  CHECK(all<Signal>(engine.handle(LinkLost{Role::Vrrp, "rubbish", true, 101}, at_ms(52))).size() == 1);
}

TEST_CASE("an exit of somebody else, or told twice, means nothing") {
  Engine engine = running();
  CHECK(engine.handle(Exited{Role::Vrrp, 99, true, SIGKILL, false}, at_ms(50)).empty());
  CHECK(engine.child(Role::Vrrp).state() == ChildState::Running);
  engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(60));
  engine.handle(Spawned{Role::Vrrp, 101}, at_ms(60));
  CHECK(engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(61)).empty());
  CHECK(engine.child(Role::Vrrp).pid() == 101);
}

TEST_CASE("a child cannot be attached over one that lives") {
  Engine engine = running();
  CHECK(engine.handle(Attached{Role::Vrrp, 500, true}, at_ms(50)).empty());
  CHECK(engine.child(Role::Vrrp).pid() == 100);
}

TEST_CASE("answers that nobody asked for are not heard") {
  Engine engine = running();
  CHECK(engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at_ms(50)).empty());
  engine.handle(ReloadOffered{2, {Role::Vrrp}}, at_ms(60));
  CHECK(engine.handle(ChildPrepared{Role::Vrrp, 1, false, {"old"}}, at_ms(61)).empty());
  CHECK(engine.handle(ChildPrepared{Role::Checker, 2, false, {"wrong"}}, at_ms(61)).empty());
  CHECK(all<SendCommit>(engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at_ms(62))).size() == 1);
  CHECK(engine.generation() == 2);
}

TEST_CASE("a reload starts a child that is wanted from now on") {
  Engine engine({});
  engine.handle(Begin{{}, 1, {}, {}}, at_ms(0));
  const Effects effects = engine.handle(ReloadOffered{2, {Role::Vrrp}}, at_ms(10));
  CHECK(all<Spawn>(effects).size() == 1);
  CHECK(all<ReloadFinished>(effects).empty());
  engine.handle(Spawned{Role::Vrrp, 100}, at_ms(10));
  CHECK(all<ReloadFinished>(engine.handle(ChildReady{Role::Vrrp, 2}, at_ms(20))) ==
        std::vector<ReloadFinished>{{2, true}});
}

TEST_CASE("a child whose configuration vanished keeps running with an empty one (behaviour.md c)") {
  Engine engine = running();
  const Effects effects = engine.handle(ReloadOffered{2, {}}, at_ms(10));
  CHECK(all<SendPrepare>(effects).size() == 1);
  engine.handle(ChildPrepared{Role::Vrrp, 2, true, {}}, at_ms(11));
  CHECK(engine.child(Role::Vrrp).state() == ChildState::Running);
}

TEST_CASE("two SIGTERMs are one") {
  Engine engine = running();
  CHECK(all<SendStop>(engine.handle(StopRequested{}, at_ms(50))).size() == 1);
  CHECK(engine.handle(StopRequested{}, at_ms(51)).empty());
  CHECK(all<Finish>(engine.handle(Exited{Role::Vrrp, 100, false, 0, false}, at_ms(60))) == std::vector<Finish>{{0}});
  CHECK(engine.handle(StopRequested{}, at_ms(61)).empty());
}

TEST_CASE("a SIGHUP after SIGTERM changes nothing") {
  Engine engine = running();
  engine.handle(StopRequested{}, at_ms(50));
  CHECK(engine.handle(ReloadOffered{2, {Role::Vrrp}}, at_ms(51)).empty());
  CHECK_FALSE(engine.reloading());
}

TEST_CASE("a VIP with no address left has nothing to be removed") {
  Engine engine = running({false, false, seconds(5)});
  engine.handle(WillChanged{Role::Vrrp, {{"V", at_ms(5), seconds(1), seconds(3), {}}}, {}}, at_ms(5));
  CHECK(all<RemoveAddresses>(engine.handle(Exited{Role::Vrrp, 100, true, SIGKILL, false}, at_ms(50))).empty());
}

TEST_CASE("in a long random life there is always a next step or a running child, and the end is an end") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Engine engine({true, false, seconds(5)});
    TimePoint now = at_ms(0);
    std::int32_t pid = 100, alive = 0;
    std::uint64_t generation = 1;
    bool finished = false;
    const auto perform = [&](auto&& self, const Effects& effects) -> void {
      for (const Effect& effect : effects) {
        if (std::holds_alternative<Spawn>(effect)) {
          REQUIRE(alive == 0);
          if (random() % 5 == 0) {
            self(self, engine.handle(SpawnFailed{Role::Vrrp, "no"}, now));
          } else {
            alive = ++pid;
            self(self, engine.handle(Spawned{Role::Vrrp, alive}, now));
          }
        }
        if (const auto* s = std::get_if<Signal>(&effect)) CHECK(s->pid == alive);
        if (std::holds_alternative<Finish>(effect)) finished = true;
      }
    };
    perform(perform, engine.handle(Begin{{Role::Vrrp}, 1, {}, {}}, now));
    for (int step = 0; step < 300 && !finished; ++step) {
      const auto due = engine.next_deadline();
      const bool lively = alive != 0 && engine.child(Role::Vrrp).state() == ChildState::Running;
      CHECK((due.has_value() || lively));
      now += microseconds(static_cast<std::int64_t>(random() % 200'000));
      if (due && *due <= now) perform(perform, engine.on_deadline(now));
      switch (random() % 9) {
        case 0:
          if (alive) {
            const std::int32_t dead = std::exchange(alive, 0);
            perform(perform, engine.handle(Exited{Role::Vrrp, dead, true, SIGKILL, false}, now));
          }
          break;
        case 1:
          perform(perform, engine.handle(ChildReady{Role::Vrrp, engine.generation()}, now));
          break;
        case 2:
          perform(perform, engine.handle(LinkLost{Role::Vrrp, "x", random() % 2 == 0}, now));
          break;
        case 3:
          if (!engine.reloading()) perform(perform, engine.handle(ReloadOffered{++generation, {Role::Vrrp}}, now));
          break;
        case 4:
          perform(perform, engine.handle(ChildPrepared{Role::Vrrp, generation, random() % 2 == 0, {"r"}}, now));
          break;
        case 5:
          perform(perform, engine.handle(ChildPong{Role::Vrrp, random() % 5}, now));
          break;
        case 6:
          perform(perform,
                  engine.handle(WillChanged{Role::Vrrp, {{"V", now, seconds(1), seconds(3), {{1, {}}}}}, {}}, now));
          break;
        case 7:
          if (step > 250) perform(perform, engine.handle(StopRequested{}, now));
          break;
        default:
          break;
      }
    }
    perform(perform, engine.handle(StopRequested{}, now));
    for (int step = 0; step < 20 && !finished; ++step) {
      if (alive) {
        const std::int32_t dead = std::exchange(alive, 0);
        perform(perform, engine.handle(Exited{Role::Vrrp, dead, false, 0, false}, now));
      }
    }
    CHECK(finished);
  }
}
