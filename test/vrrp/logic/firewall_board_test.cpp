#include "vrrp/logic/firewall_board.h"

#include <catch2/catch.hpp>
#include <cerrno>

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

using Dropped = std::set<DroppedAddress>;

DroppedAddress dropped(const std::string& address) {
  return {*IpAddress::parse(address), 0, {}};
}

AddressKey key(const std::string& address) {
  return {2, {*IpAddress::parse(address), 24}};
}

struct Bench {
  FirewallBoard board;
  std::set<AddressKey> in_kernel;
  TimePoint now = TimePoint{} + seconds(100);

  Bench() { board.configure({}, true); }

  void holds(RouterId id, std::uint64_t revision, const std::vector<std::string>& addresses) {
    board.set_share(id, revision, [&] {
      FirewallBoard::Share share;
      for (const std::string& address : addresses) share.dropped.emplace(dropped(address), key(address));
      return share;
    });
  }
  void has_macvlan(RouterId id, std::uint64_t revision) {
    board.set_share(id, revision, [] {
      FirewallBoard::Share share;
      share.vmacs.insert({Family::IPv4, 9, 2});
      return share;
    });
  }
  Effects step() {
    Effects out;
    board.step([this](const AddressKey& asked) { return in_kernel.contains(asked); }, now, out);
    return out;
  }
  Effects refuse(FirewallRefused::What what, bool of_vmacs, int error) {
    Effects out;
    board.refused({what, "chain in of table ip keepalived", of_vmacs, error}, now, out);
    return out;
  }
};

MakeFirewall made(const Effects& effects) {
  REQUIRE(effects.size() == 1);
  REQUIRE(std::holds_alternative<MakeFirewall>(effects[0]));
  return std::get<MakeFirewall>(effects[0]);
}

ChangeFirewall change(const Dropped& add, const Dropped& remove) {
  return {{add, {}}, {remove, {}}};
}

}  // namespace

TEST_CASE("nothing is made while nobody needs it, and the table whole when somebody does") {
  Bench bench;
  CHECK(bench.step().empty());
  bench.holds(1, 0, {});
  CHECK(bench.step().empty());
  bench.holds(1, 1, {"192.0.2.9"});
  CHECK(made(bench.step()).content.dropped == Dropped{dropped("192.0.2.9")});
  CHECK(bench.step().empty());
  bench.holds(2, 0, {"192.0.2.10"});
  CHECK(bench.step() == Effects{change({dropped("192.0.2.10")}, {})});
}

TEST_CASE("a share is asked for when its revision is another, empty or not, in whatever order") {
  Bench bench;
  int asked = 0;
  const auto set = [&](RouterId id, std::uint64_t revision) {
    bench.board.set_share(id, revision, [&] {
      ++asked;
      return FirewallBoard::Share{};
    });
  };
  CHECK_FALSE(bench.board.knows(5, 0));
  for (const RouterId id : {5, 3, 9, 4}) set(id, 0);
  for (const RouterId id : {3, 4, 5, 9}) set(id, 0);
  CHECK(asked == 4);
  CHECK(bench.board.knows(4, 0));
  CHECK_FALSE(bench.board.knows(4, 1));
  CHECK_FALSE(bench.board.knows(6, 0));
  set(4, 1);
  CHECK(asked == 5);
  CHECK(bench.board.knows(4, 1));
  bench.board.forget(4);
  bench.board.forget(7);
  CHECK_FALSE(bench.board.knows(4, 1));
  CHECK(bench.board.knows(5, 0));
  bench.holds(5, 1, {"192.0.2.9"});
  CHECK(made(bench.step()).content.dropped.size() == 1);
  set(5, 2);
  CHECK(bench.step() == Effects{change({}, {dropped("192.0.2.9")})});
}

TEST_CASE("an element stays until the kernel has let go of the address") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.in_kernel = {key("192.0.2.9")};
  bench.step();
  bench.holds(1, 2, {});
  CHECK(bench.step().empty());
  bench.in_kernel.clear();
  CHECK(bench.step().empty());  // nobody has said so yet
  bench.board.gone(key("192.0.2.9"));
  CHECK(bench.step() == Effects{change({}, {dropped("192.0.2.9")})});
}

TEST_CASE("an address that comes back before it went is dropped without a change") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.in_kernel = {key("192.0.2.9")};
  bench.step();
  bench.holds(1, 2, {});
  bench.step();
  bench.holds(1, 3, {"192.0.2.9"});
  bench.board.gone(key("192.0.2.9"));
  CHECK(bench.step().empty());
}

TEST_CASE("an address of two routers goes with the last") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.holds(2, 1, {"192.0.2.9"});
  bench.step();
  bench.board.forget(1);
  CHECK(bench.step().empty());
  bench.board.forget(2);
  CHECK(bench.step() == Effects{change({}, {dropped("192.0.2.9")})});
}

TEST_CASE("what a dead predecessor left in the kernel is in the first table, until it is gone") {
  Bench bench;
  bench.in_kernel = {key("192.0.2.9")};
  bench.board.set_share(1, 0, [] {
    FirewallBoard::Share share;
    share.lingering.emplace(dropped("192.0.2.9"), key("192.0.2.9"));
    share.lingering.emplace(dropped("192.0.2.10"), key("192.0.2.10"));  // not there
    return share;
  });
  CHECK(made(bench.step()).content.dropped == Dropped{dropped("192.0.2.9")});
  bench.in_kernel.clear();
  bench.board.doubt_all();
  CHECK(bench.step() == Effects{change({}, {dropped("192.0.2.9")})});
}

TEST_CASE("a new kind of element makes the table whole again, with all that is in it") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.step();
  bench.holds(2, 1, {"2001:db8::9"});
  const MakeFirewall whole = made(bench.step());
  CHECK(whole.content.dropped == Dropped{dropped("192.0.2.9"), dropped("2001:db8::9")});
  CHECK((whole.parts.dropped4 && whole.parts.dropped6));
}

TEST_CASE("other looks make it whole again") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.step();
  config::FirewallSettings settings;
  settings.counters = true;
  settings.priority = 7;
  bench.board.configure(settings, true);
  const MakeFirewall whole = made(bench.step());
  CHECK(whole.style == FirewallStyle{"keepalived", 7, true});
  CHECK(whole.content.dropped.size() == 1);
}

TEST_CASE("an empty table goes when no instance needs one any more") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.step();
  bench.board.configure({}, false);
  bench.holds(1, 2, {});
  CHECK(bench.step() == Effects{change({}, {dropped("192.0.2.9")}), RemoveFirewall{}});
  CHECK(bench.step().empty());
}

TEST_CASE("a refused change makes the table whole, at most once a second") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.step();
  CHECK(bench.refuse(FirewallRefused::What::Change, false, ENOENT).empty());
  CHECK(bench.step().empty());
  CHECK(bench.board.next_deadline() == bench.now + FirewallBoard::kLeastBetweenRepairs);
  bench.now += FirewallBoard::kLeastBetweenRepairs;
  CHECK(made(bench.step()).content.dropped.size() == 1);
  CHECK(bench.board.next_deadline() == bench.now + FirewallBoard::kCheck);
  bench.now += FirewallBoard::kCheck;
  CHECK(bench.step() == Effects{CheckFirewall{}});
  bench.board.vanished(bench.now);
  CHECK(made(bench.step()).content.dropped.size() == 1);
}

TEST_CASE("a kernel without nf_tables is told once and tried now and then") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.step();
  CHECK(bench.refuse(FirewallRefused::What::Make, false, EOPNOTSUPP) ==
        Effects{Log{LogLevel::Error,
                    "firewall: cannot make chain in of table ip keepalived: Operation not supported - traffic to "
                    "addresses of no_accept is not dropped; trying again every 30 s"}});
  CHECK(bench.step().empty());
  bench.holds(2, 1, {"192.0.2.10"});
  CHECK(bench.step().empty());
  bench.now += FirewallBoard::kRetry;
  CHECK(made(bench.step()).content.dropped.size() == 2);
  CHECK(bench.refuse(FirewallRefused::What::Make, false, EOPNOTSUPP).empty());
}

TEST_CASE("a kernel that cannot move group reports still drops what must be dropped") {
  Bench bench;
  bench.holds(1, 1, {"192.0.2.9"});
  bench.has_macvlan(2, 1);
  CHECK(made(bench.step()).content.vmacs.size() == 1);
  CHECK(bench.refuse(FirewallRefused::What::Make, true, ENOENT).size() == 1);
  const MakeFirewall less = made(bench.step());
  CHECK(less.content.vmacs.empty());
  CHECK(less.content.dropped.size() == 1);
  CHECK_FALSE(less.parts.vmacs4);
}

TEST_CASE("a stop removes the table, but not with -V") {
  for (const bool keep : {false, true}) {
    Bench bench;
    Effects out;
    bench.board.stop(keep, out);
    CHECK(out.empty());
    bench.holds(1, 1, {"192.0.2.9"});
    bench.step();
    bench.board.stop(keep, out);
    CHECK(out == (keep ? Effects{} : Effects{RemoveFirewall{}}));
  }
}
