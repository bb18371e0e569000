#include "core/config/audience.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("the checker's part gives the servers that this machine can run, and nothing of vrrp's") {
  FakeMachine machine;
  machine.missing_scripts = {"/missing"};
  Loaded loaded =
      load_text("global_defs {\n ipvs_reconcile_interval 5\n}\n" + instance("") +
                "track_file f {\n file /x\n}\nSSL {\n ca a\n}\n" + "virtual_server_group g {\n 10.0.0.1 80\n}\n" +
                service("quorum_up /missing",
                        "MISC_CHECK {\n misc_path /missing\n}\nMISC_CHECK {\n misc_path /bin/ok\n}\n"
                        "FILE_CHECK {\n track_file f\n}"));
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  Diagnostics diagnostics;
  const Config checker = interpret(tree_for_checker(loaded.tree, loaded.config), diagnostics);
  CHECK_FALSE(diagnostics.has(Severity::Warning));
  CHECK(checker.vrrp_instances.empty());
  REQUIRE(checker.virtual_servers.size() == 1);
  CHECK(checker.virtual_servers[0].real_servers == loaded.config.virtual_servers[0].real_servers);
  CHECK(checker.virtual_servers[0].real_servers[0].checks.size() == 2);
  CHECK(checker.tls_client == loaded.config.tls_client);
  CHECK(checker.virtual_server_groups == loaded.config.virtual_server_groups);
  CHECK(checker.global_defs.ipvs_reconcile_interval == loaded.config.global_defs.ipvs_reconcile_interval);
}

TEST_CASE("an instance goes along when it names the sync daemon's interface") {
  const Loaded loaded = load_text(instance("lvs_sync_daemon_interface eth7"));
  Diagnostics diagnostics;
  const Config checker = interpret(tree_for_checker(loaded.tree, loaded.config), diagnostics);
  REQUIRE(checker.global_defs.lvs_sync_daemon);
  CHECK(checker.global_defs.lvs_sync_daemon->interface == "eth7");
}
