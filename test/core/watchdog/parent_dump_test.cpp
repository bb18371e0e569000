#include "core/watchdog/parent_dump.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::watchdog;

TEST_CASE("the parent's dump has keepalived's labels, its children and the settings of the daemon") {
  config::Config config;
  config.global_defs.net_namespace = "blue";
  config.global_defs.instance = "one";
  config.global_defs.router_id = "r1";
  config.global_defs.daemon.names.standard = true;
  const Engine engine({});
  const std::string text = parent_data_text(config, engine, "red");
  CHECK(
      text.starts_with("------< Global definitions >------\n Network namespace = red\n"
                       " Network namespace ipvs = (main namespace)\n Instance name = one\n"
                       " Parent process name = keepalived\n VRRP process name = keepalived_vrrp\n"));
  CHECK(text.find(" VRRP process = not running\n") != std::string::npos);
  CHECK(text.find("router_id r1") != std::string::npos);
  CHECK(parent_data_text(config, engine, "").find(" Network namespace = blue\n") != std::string::npos);
}
