#include "core/watchdog/reload_files.h"

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
  Folder() {
    char name[] = "/tmp/hf-reload-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return path + "/" + name; }
  std::string path;
};

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

config::Loaded broken() {
  return config::load(config::MemoryFileSystem().add("k.conf", "global_defs {\n nonsense\n}\n"), "k.conf", {});
}

}  // namespace

TEST_CASE("the mark exists as long as files are read") {
  const Folder folder;
  const std::string path = folder / "k.reload";
  {
    const ReloadMark mark(path);
    CHECK(mark.made());
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
  const ReloadMark none("");
  CHECK(none.made());
  const ReloadMark nowhere(folder / "missing/k.reload");
  CHECK_FALSE(nowhere.made());
}

TEST_CASE("the mark stands beside the pid file unless a path is given") {
  config::GlobalDefs globals;
  CHECK(reload_mark_path(globals, "/run/keepalived.pid") == "");
  globals.reload_file = "";
  CHECK(reload_mark_path(globals, "/run/keepalived.pid") == "/run/keepalived.reload");
  CHECK(reload_mark_path(globals, "/run/lock") == "/run/lock.reload");
  globals.reload_file = "/tmp/x";
  CHECK(reload_mark_path(globals, "/run/keepalived.pid") == "/tmp/x");
}

TEST_CASE("what is wrong is added to the end of the log") {
  const Folder folder;
  const std::string path = folder / "log";
  REQUIRE(append_check_log(path, broken()));
  const std::string once = content(path);
  CHECK(once.find("k.conf:2:2: Unknown keyword 'nonsense'") != std::string::npos);
  REQUIRE(append_check_log(path, broken()));
  CHECK(content(path) == once + once);
  CHECK_FALSE(append_check_log(folder / "missing/log", broken()));
}

TEST_CASE("saved files are named after process and reading") {
  CHECK(saved_configuration(12, 0) == "keepalived.conf.12.0");
  CHECK(saved_state(Role::Vrrp, 12, 3, false) == "keepalived_vrrp.12.3.pre");
  CHECK(saved_state(Role::Checker, 12, 3, true) == "keepalived_check.12.3.post");
}

TEST_CASE("a file is replaced as a whole, a link is not followed") {
  const Folder folder;
  const std::string path = folder / "f";
  fs::create_symlink(folder / "elsewhere", path);
  fs::create_symlink(folder / "elsewhere", path + ".new");
  REQUIRE(replace_file(path, "new"));
  CHECK(content(path) == "new");
  CHECK_FALSE(fs::exists(folder / "elsewhere"));
  struct stat about {};
  REQUIRE(lstat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0600);
  CHECK_FALSE(replace_file(folder / "missing/f", "x"));
}
