#include "core/config/load.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"
#include "test/support/source_folder.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("the configuration that must run unchanged is read as it is meant") {
  const Loaded loaded = load(RealFileSystem(), holdfast::source_folder() + "/test/config/ok-main-job.conf", {});
  CHECK_FALSE(loaded.diagnostics.has(Severity::Warning));
  CHECK(loaded.config.global_defs.router_id == "HA_HAPROXY");
  REQUIRE(loaded.config.vrrp_scripts.size() == 1);
  const VrrpScript& script = loaded.config.vrrp_scripts[0];
  CHECK(script.script.argv == std::vector<std::string>{"/etc/keepalived/check_nginx.sh"});
  CHECK(script.interval == seconds(2));
  CHECK(script.weight == -30);
  REQUIRE(loaded.config.vrrp_instances.size() == 1);
  const VrrpInstance& vi = loaded.config.vrrp_instances[0];
  CHECK(vi.name == "VI_1");
  CHECK(vi.interface == "ens33");
  CHECK(vi.virtual_router_id == 101);
  CHECK(vi.priority == 90);
  CHECK_FALSE(vi.wants_master);
  CHECK(vi.advert_interval == seconds(1));
  CHECK(vi.authentication == Authentication::Pass);
  CHECK(*vi.auth_pass == "1111");
  REQUIRE(vi.virtual_addresses.size() == 1);
  CHECK(vi.virtual_addresses[0].prefix.text() == "172.18.8.231/24");
  REQUIRE(vi.track_scripts.size() == 1);
  CHECK(vi.track_scripts[0].name == "check_nginx");
}

TEST_CASE("a missing main file is fatal and exits 4, not 0") {
  const Loaded loaded = load(MemoryFileSystem(), "/none.conf", {});
  CHECK(messages(loaded) == std::vector<std::string>{"Unable to find configuration file /none.conf"});
  CHECK(loaded.diagnostics.has(Severity::Fatal));
  CHECK(exit_code(loaded.diagnostics) == 4);
}

TEST_CASE("a main file that is a program is refused") {
  const Loaded loaded = load(MemoryFileSystem().add("k.conf", "", true), "k.conf", {});
  CHECK(exit_code(loaded.diagnostics) == 4);
}

TEST_CASE("a glob reads every file it matches") {
  const Loaded loaded =
      load(MemoryFileSystem().add("a.conf", "instance a\n").add("b.conf", "net_namespace b\n"), "*.conf", {});
  CHECK(loaded.config.global_defs.instance == "a");
  CHECK(loaded.config.global_defs.net_namespace == "b");
  CHECK(mentions(loaded, "more than one file matches"));
  CHECK(exit_code(loaded.diagnostics) == 0);
}

TEST_CASE("an empty file is an empty configuration") {
  CHECK(load_text("").config == Config{});
}
