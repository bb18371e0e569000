#include "core/watchdog/io/path_watch.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/runtime/clock.h"

using namespace holdfast;
using namespace holdfast::watchdog;
namespace fs = std::filesystem;

namespace {

struct Subject {
  Subject() {
    char name[] = "/tmp/hf-watch-XXXXXX";
    folder = mkdtemp(name);
    fs::create_directory(folder + "/d");
    watch.emplace(loop, folder + "/d/f", [this] { ++told; });
  }
  ~Subject() { fs::remove_all(folder); }
  bool heard() {
    const bool one = loop.run_until([this] { return told > 0; }, now() + seconds(20));
    told = 0;
    return one;
  }
  EventLoop loop;
  std::string folder;
  int told = 0;
  std::optional<PathWatch> watch;
};

}  // namespace

TEST_CASE("writing, renaming over and removing are told; other files are not") {
  Subject s;
  std::ofstream(s.folder + "/d/other") << "x";
  std::ofstream(s.folder + "/d/f") << "x";
  CHECK(s.heard());
  while (s.loop.run_once()) {
  }
  s.told = 0;
  std::ofstream(s.folder + "/d/ff") << "x";
  while (s.loop.run_once()) {
  }
  CHECK(s.told == 0);
  fs::rename(s.folder + "/d/ff", s.folder + "/d/f");
  CHECK(s.heard());
  fs::remove(s.folder + "/d/f");
  CHECK(s.heard());
}

TEST_CASE("a folder that goes and comes back is watched again") {
  Subject s;
  fs::remove_all(s.folder + "/d");
  CHECK(s.heard());
  fs::create_directory(s.folder + "/d");
  CHECK(s.heard());
  while (s.loop.run_once()) {
  }
  s.told = 0;
  std::ofstream(s.folder + "/d/f") << "x";
  CHECK(s.heard());
}
