#include "checker/mark_keeper.h"

#include <catch2/catch.hpp>
#include <cerrno>

namespace holdfast::checker {

namespace {

struct FakeMarks final : MarkPort {
  void owned_by(const std::string& name) override { owner = name; }
  void put(const MarkPlan& plan, Told told) override {
    ++puts;
    if (error == 0) table = plan;
    waiting.push_back([told, e = error] { told(e, e == 0 ? "" : "set tcp_map"); });
  }
  void adopt(const MarkPlan& plan, Told told) override {
    ++adoptions;
    put(plan, told);
  }
  void renew(const MarkPlan& plan, Told told) override {
    ++renewals;
    put(plan, told);
  }
  void remove(const std::string& name, Told told) override {
    removed.push_back(name);
    table = {};
    waiting.push_back([told] { told(0, ""); });
  }
  void sweep(const std::string& keep, Told) override { swept.push_back(keep); }
  void look(const MarkPlan&, Found found) override {
    ++looks;
    waiting.push_back([found, f = findings] { found(f); });
  }
  void answer() {
    for (const auto& one : std::exchange(waiting, {})) one();
  }

  std::string owner;
  MarkPlan table;
  int error = 0, puts = 0, looks = 0, adoptions = 0, renewals = 0;
  std::vector<std::string> findings, removed, swept;
  std::vector<std::function<void()>> waiting;
};

MarkPlan plan(std::uint32_t mark = 1000) {
  const IpAddress address = *IpAddress::parse("10.0.0.1");
  return {"keepalived_ipvs", -1, false, {{ipvs::Protocol::Tcp, address, address, 80, 80, mark}}};
}

struct World {
  FakeMarks port;
  std::vector<std::string> said;
  int refusals = 0;
  MarkKeeper keeper{port, {[this](int, std::string text) { said.push_back(std::move(text)); }, [this] { ++refusals; }}};
};

}  // namespace

TEST_CASE("marks are set when the services stand, once for each change") {
  World w;
  w.keeper.begin("/run/c.pid", false);
  w.keeper.want(plan());
  CHECK(w.port.puts == 0);
  w.keeper.stand();
  w.keeper.stand();
  CHECK(w.port.puts == 1);
  CHECK(w.port.table == plan());
  CHECK(w.port.owner == "/run/c.pid");
  CHECK(w.port.swept == std::vector<std::string>{"keepalived_ipvs"});
  w.keeper.want(plan(1001));
  w.keeper.stand();
  CHECK(w.port.table == plan(1001));
  CHECK(w.port.swept.size() == 1);
}

TEST_CASE("who wants no marks and inherited none touches nothing") {
  World w;
  w.keeper.begin("c", false);
  w.keeper.stand();
  w.keeper.look();
  w.keeper.finish(false);
  CHECK(w.port.puts + w.port.looks == 0);
  CHECK(w.port.removed.empty());
  CHECK(w.port.swept.empty());
}

TEST_CASE("a successor without marks sweeps what its predecessor left") {
  World w;
  w.keeper.begin("c", true);
  w.keeper.stand();
  CHECK(w.port.swept == std::vector<std::string>{""});
}

TEST_CASE("a successor adopts what stands, and changes it from then on") {
  World w;
  w.keeper.begin("c", true);
  w.keeper.want(plan());
  w.keeper.stand();
  w.port.answer();
  w.keeper.want(plan(1001));
  w.keeper.stand();
  CHECK(w.port.adoptions == 1);
  CHECK(w.port.puts == 2);
  CHECK(w.port.renewals == 0);
}

TEST_CASE("what somebody changed is told and put right; an answer about what was wanted before is not") {
  World w;
  w.keeper.begin("c", false);
  w.keeper.want(plan());
  w.keeper.stand();
  w.port.answer();
  w.keeper.look();
  w.port.answer();
  CHECK(w.port.puts == 1);
  w.port.findings = {"map tcp_map of table ip keepalived_ipvs was missing"};
  w.keeper.look();
  w.port.answer();
  CHECK(w.port.puts == 2);
  CHECK(w.port.renewals == 1);
  REQUIRE(w.said.size() == 1);
  CHECK(w.said[0] == "nftables_ipvs: map tcp_map of table ip keepalived_ipvs was missing - put right");
  w.port.answer();
  w.keeper.look();
  w.keeper.want(plan(1001));
  w.keeper.stand();
  w.port.answer();
  CHECK(w.port.puts == 3);
  CHECK(w.said.size() == 1);
}

TEST_CASE("a kernel without nf_tables: said once, and each address gets a service of its own") {
  World w;
  w.port.error = EOPNOTSUPP;
  w.keeper.begin("c", false);
  w.keeper.want(plan());
  w.keeper.stand();
  w.port.answer();
  CHECK(w.refusals == 1);
  REQUIRE(w.said.size() == 1);
  CHECK(w.said[0].find("set tcp_map") != std::string::npos);
  CHECK(w.said[0].find("IPVS service of its own") != std::string::npos);
  w.keeper.look();
  w.keeper.finish(false);
  CHECK(w.port.removed.empty());
}

TEST_CASE("a change that is refused leaves what stands, and is tried again at each comparison") {
  World w;
  w.keeper.begin("c", true);
  w.keeper.want(plan());
  w.port.error = ENOMEM;
  w.keeper.stand();
  w.port.answer();
  CHECK(w.refusals == 0);
  w.keeper.stand();
  CHECK(w.port.puts == 1);
  w.keeper.look();
  w.port.answer();
  CHECK(w.port.puts == 2);
  CHECK(w.said.size() == 1);
  w.port.error = 0;
  w.keeper.look();
  w.port.answer();
  CHECK(w.port.table == plan());
}

TEST_CASE("the table goes with the services, or stays with them") {
  World unanswered;
  unanswered.keeper.begin("c", false);
  unanswered.keeper.want(plan());
  unanswered.keeper.stand();
  unanswered.keeper.finish(false);
  CHECK(unanswered.port.removed.size() == 1);
  World stays, goes, emptied;
  for (World* w : {&stays, &goes, &emptied}) {
    w->keeper.begin("c", false);
    w->keeper.want(plan());
    w->keeper.stand();
    w->port.answer();
  }
  stays.keeper.finish(true);
  CHECK(stays.port.removed.empty());
  goes.keeper.finish(false);
  CHECK(goes.port.removed == std::vector<std::string>{"keepalived_ipvs"});
  goes.keeper.want(plan(1001));
  goes.keeper.finish(false);
  goes.keeper.stand();
  CHECK(goes.port.puts == 1);
  emptied.keeper.want({"keepalived_ipvs", -1, false, {}});
  emptied.keeper.stand();
  CHECK(emptied.port.removed == std::vector<std::string>{"keepalived_ipvs"});
}

}  // namespace holdfast::checker
