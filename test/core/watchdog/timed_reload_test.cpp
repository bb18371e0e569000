#include "core/watchdog/timed_reload.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "core/runtime/clock.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

std::string in_utc(std::time_t when, bool date) {
  std::tm parts{};
  gmtime_r(&when, &parts);
  const std::string time = fmt::format("{:02}:{:02}:{:02}Z", parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (!date) return time;
  return fmt::format("{:04}-{:02}-{:02} {}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, time);
}

struct Subject {
  Subject() {
    char name[] = "/tmp/hf-timed-XXXXXX";
    folder = mkdtemp(name);
    globals.reload_time_file = folder + "/when";
  }
  ~Subject() { std::filesystem::remove_all(folder); }
  void write(const std::string& text) const { std::ofstream(globals.reload_time_file) << text; }
  bool exists() const { return std::filesystem::exists(globals.reload_time_file); }
  bool until(const std::function<bool()>& done) { return loop.run_until(done, now() + seconds(20)); }
  static std::time_t in(int seconds) { return wall_clock_us() / 1'000'000 + seconds; }

  EventLoop loop;
  std::string folder;
  config::GlobalDefs globals;
  std::vector<std::string> said;
  int reloads = 0;
  TimedReload timed{loop, [this](const std::string& text) { said.push_back(text); }, [this] { ++reloads; }};
};

}  // namespace

TEST_CASE("a time that is written later is heard of; at that time there is a reload, and the file goes") {
  Subject s;
  s.timed.obey(s.globals);
  CHECK_FALSE(s.timed.due());
  const std::time_t when = Subject::in(1);
  s.write(in_utc(when, true));
  REQUIRE(s.until([&] { return s.timed.due() == when; }));
  REQUIRE(s.until([&] { return s.reloads == 1; }));
  CHECK(wall_clock_us() / 1'000'000 >= when);
  CHECK_FALSE(s.exists());
  CHECK_FALSE(s.timed.due());
}

TEST_CASE("with reload_repeat the file stays, and a time of day comes again tomorrow") {
  Subject s;
  s.globals.reload_repeat = true;
  const std::time_t when = Subject::in(1);
  s.write(in_utc(when, false));
  s.timed.obey(s.globals);
  REQUIRE(s.until([&] { return s.reloads == 1; }));
  CHECK(s.exists());
  CHECK(s.timed.due() == when + 86400);
}

TEST_CASE("what is no time, and a time that has passed, schedules nothing and is said") {
  Subject s;
  s.write("tomorrow");
  s.timed.obey(s.globals);
  CHECK_FALSE(s.timed.due());
  REQUIRE(s.said.size() == 1);
  CHECK(s.said[0].find("'tomorrow' is no HH:MM:SS") != std::string::npos);
  s.write("2001-01-01 00:00:00Z");
  REQUIRE(s.until([&] { return s.said.size() > 1; }));
  CHECK(s.said.back().find("a time that has passed") != std::string::npos);
  CHECK_FALSE(s.timed.due());
}

TEST_CASE("taking the file or the keyword away calls it off") {
  Subject s;
  s.write(in_utc(Subject::in(3600), true));
  s.timed.obey(s.globals);
  CHECK(s.timed.due());
  std::filesystem::remove(s.globals.reload_time_file);
  REQUIRE(s.until([&] { return !s.timed.due(); }));
  s.write(in_utc(Subject::in(3600), true));
  REQUIRE(s.until([&] { return s.timed.due().has_value(); }));
  s.timed.obey({});
  CHECK_FALSE(s.timed.due());
}

TEST_CASE("the folder may come later") {
  Subject s;
  const std::string later = s.folder + "/later";
  s.globals.reload_time_file = later + "/when";
  s.timed.obey(s.globals);
  std::filesystem::create_directory(later);
  s.write(in_utc(Subject::in(3600), true));
  REQUIRE(s.until([&] { return s.timed.due().has_value(); }));
}
