#include "core/watchdog/logic/reload.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

const TimePoint start = from_us(1'000'000'000);

Reload offered(std::initializer_list<Role> asked) {
  Reload reload;
  reload.offer(2, {Role::Vrrp}, start);
  for (const Role role : asked) reload.ask(role);
  return reload;
}

}  // namespace

TEST_CASE("nothing is due while no reload is active") {
  Reload reload;
  CHECK_FALSE(reload.active());
  CHECK_FALSE(reload.deadline());
}

TEST_CASE("a reload that asks nobody is accepted at once") {
  CHECK(offered({}).verdict() == Reload::Verdict::Accepted);
}

TEST_CASE("a reload is accepted when the last one asked has accepted") {
  Reload reload = offered({Role::Vrrp, Role::Checker});
  CHECK(reload.verdict() == Reload::Verdict::Pending);
  reload.answer(Role::Vrrp, true, {});
  CHECK(reload.verdict() == Reload::Verdict::Pending);
  reload.answer(Role::Checker, true, {});
  CHECK(reload.verdict() == Reload::Verdict::Accepted);
}

TEST_CASE("one refusal is enough, and says why") {
  Reload reload = offered({Role::Vrrp, Role::Checker});
  reload.answer(Role::Vrrp, false, {"a", "b"});
  CHECK(reload.verdict() == Reload::Verdict::Refused);
  CHECK(reload.reasons() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("who died is not waited for") {
  Reload reload = offered({Role::Vrrp});
  reload.forget(Role::Vrrp);
  CHECK(reload.verdict() == Reload::Verdict::Accepted);
}

TEST_CASE("a new offer has forgotten the refusal of the one before") {
  Reload reload = offered({Role::Vrrp});
  reload.refuse("too late");
  reload.finish();
  reload.offer(3, {}, start);
  CHECK(reload.verdict() == Reload::Verdict::Accepted);
  CHECK(reload.reasons().empty());
  CHECK(reload.generation() == 3);
}

TEST_CASE("after the commit a reload is settled when it is in force everywhere") {
  Reload reload = offered({});
  CHECK_FALSE(reload.settled());
  reload.commit(start + seconds(1));
  reload.await(Role::Vrrp);
  CHECK_FALSE(reload.settled());
  CHECK(*reload.deadline() == start + seconds(1) + kPrepareLimit);
  reload.in_force(Role::Vrrp);
  CHECK(reload.settled());
  reload.finish();
  CHECK_FALSE(reload.active());
}

TEST_CASE("core's own sleep is not held against those who were asked") {
  Reload reload = offered({Role::Vrrp});
  reload.forgive(start + seconds(20));
  CHECK(*reload.deadline() == start + seconds(21));
  reload.forgive(start);
  CHECK(*reload.deadline() == start + seconds(21));
}
