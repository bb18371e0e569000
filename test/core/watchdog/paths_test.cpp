#include "core/watchdog/paths.h"

#include <catch2/catch.hpp>
#include <set>

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

Paths paths(const std::string& pid = "", const std::string& instance = "", const std::string& name_space = "",
            bool pid_dir = false) {
  CommandLine options;
  options.pid_file = pid;
  config::GlobalDefs globals;
  globals.instance = instance;
  globals.net_namespace = name_space;
  globals.use_pid_dir = pid_dir;
  return paths_for(options, globals);
}

}  // namespace

TEST_CASE("by default pid files are where keepalived has them (behaviour.md b.4)") {
  const Paths p = paths();
  CHECK(p.pid_file == "/run/keepalived.pid");
  CHECK(p.vrrp_pid_file == "/run/vrrp.pid");
  CHECK(p.checkers_pid_file == "/run/checkers.pid");
  CHECK(p.run_directory == "/run/keepalived");
  CHECK(p.name_suffix.empty());
}

TEST_CASE("use_pid_dir, instance and namespace move them, and name everything else") {
  CHECK(paths("", "", "", true).pid_file == "/run/keepalived/keepalived.pid");
  CHECK(paths("", "one").pid_file == "/run/keepalived/keepalived_one.pid");
  CHECK(paths("", "one").run_directory == "/run/keepalived_one");
  CHECK(paths("", "", "blue").vrrp_pid_file == "/run/keepalived/vrrp_blue.pid");
  CHECK(paths("", "one", "blue").name_suffix == "_blue_one");
}

TEST_CASE("-s wins over the configuration's namespace") {
  CommandLine options;
  options.net_namespace = "red";
  config::GlobalDefs globals;
  globals.net_namespace = "blue";
  CHECK(paths_for(options, globals).name_suffix == "_red");
}

TEST_CASE("-p FILE takes everything that is ours to FILE.d, so that several daemons meet nowhere (issue 2)") {
  const Paths a = paths("/run/ka/a.pid"), b = paths("/run/ka/b.pid");
  CHECK(a.run_directory == "/run/ka/a.pid.d");
  CHECK(a.cookie() == "/run/ka/a.pid.d/cookie");
  std::set<std::string> files;
  for (const Paths& p : {a, b, paths(), paths("", "one"), paths("", "", "blue")}) {
    for (const std::string& file :
         {p.pid_file, p.run_directory, p.cookie(), p.records(), p.rendezvous(), p.control()}) {
      CHECK(files.insert(file).second);
    }
  }
}

TEST_CASE("names given for the children's pid files are taken as they are") {
  CommandLine options;
  options.vrrp_pid_file = "/x/v";
  options.checkers_pid_file = "/x/c";
  const Paths p = paths_for(options, {});
  CHECK(p.vrrp_pid_file == "/x/v");
  CHECK(p.checkers_pid_file == "/x/c");
}
