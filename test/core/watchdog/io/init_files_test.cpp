#include "core/watchdog/io/init_files.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

using namespace holdfast;
using namespace holdfast::watchdog;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    char name[] = "/tmp/init_files_XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
};

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

config::TrackFile file(const fs::path& path, std::optional<std::int64_t> initial, bool overwrite = false) {
  config::TrackFile made;
  made.name = "f";
  made.path = path;
  made.initial = initial;
  made.overwrite = overwrite;
  return made;
}

}  // namespace

TEST_CASE("a missing file is made, one that is there is left alone") {
  const Folder folder;
  std::ofstream(folder.path / "there") << "7";
  CHECK(write_init_files({file(folder.path / "new", 5), file(folder.path / "there", 5), file(folder.path / "none", {})},
                         Overwriting::AsConfigured)
            .empty());
  CHECK(contents(folder.path / "new") == "5\n");
  CHECK(contents(folder.path / "there") == "7");
  CHECK_FALSE(fs::exists(folder.path / "none"));
}

TEST_CASE("overwrite sets the number at start, and not while children serve on") {
  const Folder folder;
  std::ofstream(folder.path / "f") << "777 and more";
  const auto wanted = std::vector{file(folder.path / "f", -3, true)};
  CHECK(write_init_files(wanted, Overwriting::Never).empty());
  CHECK(contents(folder.path / "f") == "777 and more");
  CHECK(write_init_files(wanted, Overwriting::AsConfigured).empty());
  CHECK(contents(folder.path / "f") == "-3\n");
}

TEST_CASE("what cannot be written is told and harms nobody") {
  const Folder folder;
  REQUIRE(mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  const auto told = write_init_files(
      {file(folder.path / "no/such", 1), file(folder.path / "pipe", 1, true), file("/dev/null", 1, true)},
      Overwriting::AsConfigured);
  REQUIRE(told.size() == 3);
  CHECK(told[0].find("No such file") != std::string::npos);
  CHECK(told[2].find("no regular file") != std::string::npos);
}

TEST_CASE("a reload brings the files that were not there before") {
  const auto old = std::vector{file("/a", 1), file("/b", 1)};
  CHECK(new_files(old, {file("/b", 2), file("/c", 3)}) == std::vector{file("/c", 3)});
}
