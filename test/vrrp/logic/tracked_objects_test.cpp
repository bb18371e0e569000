#include "vrrp/logic/tracked_objects.h"

#include <catch2/catch.hpp>

#include "vrrp/logic/tracking.h"
#include "vrrp/logic/view.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

const ObjectKey kFile{ObjectKind::File, "load"};
const ObjectKey kProcess{ObjectKind::Process, "nginx"};

struct Bench {
  config::Config config;
  config::VrrpInstance instance;
  TrackedObjects objects;
  Effects out;

  Bench() {
    config.track_files.push_back({"load", "/load", 1, false, {}, false, {}});
    config::TrackProcess process;
    process.name = process.process = "nginx";
    process.quorum = 2;
    config.track_processes.push_back(process);
    instance.name = "V";
    instance.priority = 100;
    instance.track_files.push_back({"load", {}, {}, {}});
    instance.track_processes.push_back({"nginx", {}, {}, {}});
  }
  void configure(const std::vector<ObjectRecord>& past = {}, TimePoint now = {}) {
    out.clear();
    objects.configure(config, {&instance}, past, now, out);
  }
  template <class T>
  const T* effect() const {
    for (const Effect& e : out) {
      if (const T* found = std::get_if<T>(&e)) return found;
    }
    return nullptr;
  }
  Assessment assessment() const { return assess(instance, ScriptTable{}, LinkTable{}, &objects); }
};

}  // namespace

TEST_CASE("what instances track is watched, once") {
  Bench b;
  b.config.track_files.push_back({"unused", "/unused", 1, false, {}, false, {}});
  b.configure();
  REQUIRE(b.effect<WatchFiles>() != nullptr);
  CHECK(b.effect<WatchFiles>()->paths == std::set<std::string>{"/load"});
  REQUIRE(b.effect<WatchProcesses>() != nullptr);
  CHECK(b.effect<WatchProcesses>()->processes.size() == 1);
  b.configure();
  CHECK(b.out.empty());
}

TEST_CASE("an instance waits for the first answers, but with a weight not forever") {
  Bench b;
  b.instance.track_processes[0].weight = -10;
  b.configure();
  CHECK(b.objects.asking());
  CHECK(b.assessment().waiting);
  const auto due = b.objects.next_deadline();
  REQUIRE(due);
  CHECK(*due == from_us(1'000'000));
  CHECK(b.objects.on_deadline(*due, b.out) == std::vector<ObjectKey>{kFile, kProcess});
  CHECK_FALSE(b.assessment().waiting);
  CHECK_FALSE(b.objects.next_deadline());
  b.instance.track_files[0].weight = 0;
  CHECK(b.assessment().waiting);
  CHECK(b.objects.on(FileChanged{"/load", 0, {}}, b.out) == std::vector<ObjectKey>{kFile});
  CHECK_FALSE(b.assessment().waiting);
}

TEST_CASE("a number is multiplied and clamped, and from -254 on it is a fault") {
  Bench b;
  b.instance.track_processes.clear();
  b.instance.track_files[0].weight = 3;
  b.configure();
  const auto effective = [&](std::int64_t value) {
    b.objects.on(FileChanged{"/load", value, {}}, b.out);
    return b.assessment().effective_priority;
  };
  CHECK(effective(10) == 130);
  CHECK(effective(-84) == 1);
  CHECK(b.assessment().faults.empty());
  CHECK(effective(-85) == 1);
  CHECK(b.assessment().faults.size() == 1);
  CHECK(effective(std::numeric_limits<std::int64_t>::max()) == 254);
  CHECK(b.assessment().faults.empty());
  CHECK(effective(std::numeric_limits<std::int64_t>::min()) == 1);
  CHECK(b.assessment().faults.size() == 1);
  b.instance.priority = 255;
  CHECK(b.assessment().faults.empty());
  CHECK(b.assessment().effective_priority == 255);
}

TEST_CASE("a file that says the same again, or of a problem, tells nobody twice") {
  Bench b;
  b.configure();
  CHECK(b.objects.on(FileChanged{"/load", 5, {}}, b.out).size() == 1);
  REQUIRE(b.effect<RememberObject>() != nullptr);
  CHECK(b.effect<RememberObject>()->record == ObjectRecord{kFile, "/load", 5});
  b.out.clear();
  CHECK(b.objects.on(FileChanged{"/load", 5, {}}, b.out).empty());
  CHECK(b.objects.on(FileChanged{"/other", 6, {}}, b.out).empty());
  CHECK(b.out.empty());
  CHECK(b.objects.on(FileChanged{"/load", {}, "is no regular file"}, b.out).size() == 1);
  REQUIRE(b.effect<Log>() != nullptr);
  CHECK(b.effect<Log>()->text == "tracked file load: /load is no regular file, which counts as 0");
  b.out.clear();
  CHECK(b.objects.on(FileChanged{"/load", {}, "is no regular file"}, b.out).empty());
  CHECK(b.out.empty());
}

TEST_CASE("what a predecessor knew counts until something else is seen") {
  Bench b;
  b.configure({{kFile, "/load", 7},
               {kProcess, identity_of(b.config.track_processes[0]), 1},
               {{ObjectKind::File, "gone"}, "/gone", 1}});
  CHECK(b.objects.value("load") == 7);
  CHECK(b.objects.health("nginx") == Health::Up);
  CHECK_FALSE(b.objects.asking());
  REQUIRE(b.effect<ForgetObject>() != nullptr);
  CHECK(b.effect<ForgetObject>()->key.name == "gone");
  CHECK(b.objects.on(ProcessesCounted{"nginx", 3}, from_us(5), b.out).empty());
}

TEST_CASE("records of another definition do not count") {
  Bench b;
  config::TrackProcess other = b.config.track_processes[0];
  other.parameters = {"-x"};
  b.configure({{kFile, "/elsewhere", 7}, {kProcess, identity_of(other), 1}});
  CHECK_FALSE(b.objects.value("load"));
  CHECK(b.objects.health("nginx") == Health::Unknown);
}

TEST_CASE("a delay holds a change back, and what undoes it forgets it") {
  Bench b;
  b.config.track_processes[0].terminate_delay = seconds(2);
  b.config.track_processes[0].fork_delay = seconds(1);
  b.configure();
  const auto count = [&](int n, std::int64_t at_s) {
    return !b.objects.on(ProcessesCounted{"nginx", n}, from_us(at_s * 1'000'000), b.out).empty();
  };
  CHECK(count(2, 0));  // the first decides at once
  b.objects.on(FileChanged{"/load", 0, {}}, b.out);
  CHECK_FALSE(count(1, 10));
  CHECK(b.objects.next_deadline() == from_us(12'000'000));
  CHECK_FALSE(count(0, 11));
  CHECK(b.objects.next_deadline() == from_us(12'000'000));
  CHECK_FALSE(count(2, 11));
  CHECK_FALSE(b.objects.next_deadline());
  CHECK_FALSE(count(1, 20));
  CHECK(b.objects.on_deadline(from_us(21'000'000), b.out).empty());
  CHECK(b.objects.on_deadline(from_us(22'000'000), b.out) == std::vector<ObjectKey>{kProcess});
  CHECK(b.objects.health("nginx") == Health::Down);
  CHECK_FALSE(count(5, 30));
  CHECK(b.objects.next_deadline() == from_us(31'000'000));
}

TEST_CASE("a reload with another quorum decides at once, with another file keeps the number until it is read") {
  Bench b;
  b.configure();
  b.objects.on(ProcessesCounted{"nginx", 2}, from_us(0), b.out);
  b.objects.on(FileChanged{"/load", 9, {}}, b.out);
  b.config.track_processes[0].quorum = 3;
  b.config.track_files[0].path = "/other";
  b.configure();
  CHECK(b.objects.health("nginx") == Health::Down);
  CHECK(b.effect<WatchProcesses>() == nullptr);
  CHECK(b.objects.value("load") == 9);
  REQUIRE(b.effect<WatchFiles>() != nullptr);
  CHECK(b.effect<WatchFiles>()->paths == std::set<std::string>{"/other"});
  CHECK(b.objects.on(FileChanged{"/load", 1, {}}, b.out).empty());
  CHECK(b.objects.on(FileChanged{"/other", {}, {}}, b.out) == std::vector<ObjectKey>{kFile});
}

TEST_CASE("at the end nothing is watched and nothing remembered") {
  Bench b;
  b.configure();
  b.out.clear();
  b.objects.stop(b.out);
  CHECK(b.out.size() == 4);
  CHECK_FALSE(b.objects.next_deadline());
  b.out.clear();
  b.objects.stop(b.out);
  CHECK(b.out.empty());
}
