#include "vrrp/logic/tracking.h"

#include <catch2/catch.hpp>
#include <cerrno>

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

config::VrrpScript script(const std::string& name, int weight = 0) {
  config::VrrpScript s;
  s.name = name;
  s.script.argv = {"/bin/" + name};
  s.weight = weight;
  return s;
}

struct Table {
  ScriptTable scripts;
  LinkTable links;
  Effects out;
  explicit Table(const std::vector<config::VrrpScript>& list) { configure(list, {}); }
  void configure(const std::vector<config::VrrpScript>& list, const std::vector<ScriptRecord>& past) {
    std::set<std::string> names;
    for (const auto& s : list) names.insert(s.name);
    scripts.configure(list, names, past, kNow, out);
  }
  bool exit(const std::string& name, int status) {
    return scripts.finished({name, ScriptOutcome::Exited, status}, out);
  }
};

config::VrrpInstance tracking(const std::vector<config::TrackedScript>& scripts) {
  config::VrrpInstance i;
  i.interface = "ens33";
  i.track_scripts = scripts;
  return i;
}

std::size_t runs(const Effects& effects) {
  std::size_t n = 0;
  for (const Effect& e : effects) n += std::holds_alternative<RunTrackScript>(e) ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("the first result decides, then rise and fall count") {
  config::VrrpScript s = script("chk");
  s.rise = 2;
  s.fall = 3;
  Table t({s});
  CHECK(t.scripts.health("chk") == Health::Unknown);
  CHECK(t.exit("chk", 0));
  CHECK_FALSE(t.exit("chk", 1));
  CHECK_FALSE(t.exit("chk", 1));
  CHECK_FALSE(t.exit("chk", 0));  // a success in between begins the count anew
  CHECK_FALSE(t.exit("chk", 1));
  CHECK_FALSE(t.exit("chk", 1));
  CHECK(t.exit("chk", 1));
  CHECK(t.scripts.health("chk") == Health::Down);
  CHECK_FALSE(t.exit("chk", 0));
  CHECK(t.exit("chk", 0));
}

TEST_CASE("a run that is not over is not overlapped, until its answer must be lost") {
  Table t({script("chk")});
  for (int i = 0; i < 10; ++i) t.scripts.on_deadline(kNow + seconds(i), t.out);
  CHECK(runs(t.out) == 1);
  t.scripts.on_deadline(kNow + seconds(12), t.out);
  CHECK(runs(t.out) == 2);
}

TEST_CASE("runs keep their rhythm and skip beats that were missed") {
  Table t({script("chk")});
  t.scripts.on_deadline(kNow, t.out);
  CHECK(t.scripts.next_deadline() == kNow + seconds(1));
  t.scripts.on_deadline(kNow + milliseconds(1300), t.out);
  CHECK(t.scripts.next_deadline() == kNow + seconds(2));
}

TEST_CASE("a run that core could not begin says nothing, one that cannot be run at all is a failure") {
  Table t({script("chk")});
  CHECK(t.exit("chk", 0));
  CHECK_FALSE(t.scripts.finished({"chk", ScriptOutcome::NotStarted, 0}, t.out));  // core was away
  CHECK_FALSE(t.scripts.finished({"chk", ScriptOutcome::NotStarted, EMFILE}, t.out));
  CHECK(t.scripts.health("chk") == Health::Up);
  CHECK(t.scripts.finished({"chk", ScriptOutcome::NotStarted, ENOENT}, t.out));
  CHECK(t.scripts.health("chk") == Health::Down);
}

TEST_CASE("a timeout and a signal are failures") {
  Table t({script("chk")});
  t.exit("chk", 0);
  CHECK(t.scripts.finished({"chk", ScriptOutcome::TimedOut, 0}, t.out));
  CHECK(std::get<Log>(t.out[t.out.size() - 2]).text == "VRRP_Script(chk) timed_out");
}

TEST_CASE("a reload keeps the result of the same name and command only") {
  Table t({script("chk")});
  t.exit("chk", 1);
  t.configure({script("chk", -5)}, {});
  CHECK(t.scripts.health("chk") == Health::Down);
  config::VrrpScript other = script("chk");
  other.script.argv = {"/bin/other"};
  t.configure({other}, {});
  CHECK(t.scripts.health("chk") == Health::Unknown);
}

TEST_CASE("a successor takes up the record, and forgets scripts that are gone") {
  ScriptRecord record;
  record.script = "chk";
  record.command.argv = {"/bin/chk"};
  record.known = true;
  record.up = true;
  ScriptRecord gone = record;
  gone.script = "gone";
  Table t({});
  t.configure({script("chk")}, {record, gone});
  CHECK(t.scripts.health("chk") == Health::Up);
  CHECK(t.scripts.next_deadline() == kNow);
  CHECK(std::get<ForgetScript>(t.out.back()).script == "gone");
}

TEST_CASE("weights are summed, unknown ones add nothing, the result stays in 1..254") {
  Table t({script("good", 20), script("bad", -30), script("new", 40)});
  t.exit("good", 0);
  t.exit("bad", 1);
  auto i = tracking({{"good", {}, {}, {}}, {"bad", {}, {}, {}}, {"new", {}, {}, {}}});
  CHECK(assess(i, t.scripts, t.links).effective_priority == 90);
  CHECK(assess(i, t.scripts, t.links).priority_reasons ==
        std::vector<std::string>{"script good +20", "script bad -30"});
  i.priority = 5;
  i.track_scripts = {{"bad", {}, {}, {}}};
  CHECK(assess(i, t.scripts, t.links).effective_priority == 1);
  i.priority = 250;
  i.track_scripts = {{"good", {}, {}, {}}};
  CHECK(assess(i, t.scripts, t.links).effective_priority == 254);
  i.priority = 255;
  CHECK(assess(i, t.scripts, t.links).effective_priority == 255);
}

TEST_CASE("a script without weight faults, and is waited for") {
  Table t({script("chk")});
  const auto i = tracking({{"chk", {}, {}, {}}});
  CHECK(assess(i, t.scripts, t.links).waiting);
  t.exit("chk", 1);
  CHECK(assess(i, t.scripts, t.links).faults.size() == 1);
  const auto reversed = tracking({{"chk", {}, true, {}}});
  CHECK(assess(reversed, t.scripts, t.links).faults.empty());
}

TEST_CASE("init_fail is a failure before the first result") {
  config::VrrpScript s = script("chk");
  s.init_fail = true;
  Table t({s});
  CHECK(assess(tracking({{"chk", {}, {}, {}}}), t.scripts, t.links).faults.size() == 1);
}

TEST_CASE("a tracked interface that does not exist is down") {
  Table t({});
  auto i = tracking({});
  i.track_interfaces = {{"eth1", -10, false, {}}, {"eth2", 0, false, {}}, {"ens33", -50, false, {}}};
  const Assessment a = assess(i, t.scripts, t.links);
  CHECK(a.effective_priority == 90);
  REQUIRE(a.faults.size() == 1);
  CHECK(a.faults[0].log_line("V") == "(V): entering FAULT state (interface eth2 down)");
}

}  // namespace holdfast::vrrp
