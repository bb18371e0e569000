#include "core/config/interpret.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("a child makes of the tree what the watchdog made of the text") {
  const Loaded loaded =
      load_text("vrrp_script S {\n script /bin/s\n}\n" + instance("track_script {\n S weight 3\n Q\n}\npriority 300"));
  Diagnostics again;
  CHECK(interpret(loaded.tree, again) == loaded.config);
  again.sort();
  CHECK(again.list() == loaded.diagnostics.list());
}

TEST_CASE("order of definitions does not matter") {
  const std::string server =
      "virtual_server group G {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.0.0.2 80 {\n"
      " FILE_CHECK {\n track_file f\n }\n }\n}\n";
  const std::vector<std::string> blocks{server,
                                        instance("track_script {\n S weight 3\n}"),
                                        "vrrp_script S {\n script /bin/s\n}\n",
                                        "virtual_server_group G {\n 10.0.0.9 80\n}\n",
                                        "track_file f {\n file /x\n}\n",
                                        "global_defs {\n vrrp_garp_master_delay 1\n checker_log_all_failures\n}\n"};
  std::string forth, back;
  for (const std::string& block : blocks) {
    forth += block;
    back = block + back;
  }
  Config one = load_text(forth).config, other = load_text(back).config;
  for (Config* config : {&one, &other}) {
    config->vrrp_instances.at(0).at = {};
    config->vrrp_instances[0].track_scripts[0].at = {};
    config->vrrp_scripts.at(0).at = {};
  }
  CHECK(one == other);
  CHECK(one.vrrp_instances[0].garp->delay == holdfast::seconds(1));
}
