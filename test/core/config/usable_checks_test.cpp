#include "core/config/usable_checks.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast::config;

TEST_CASE("a child gets only the commands that this machine can run, and arrives at the same real servers") {
  FakeMachine machine;
  machine.missing_scripts = {"/missing"};
  Loaded loaded = load_text(service("",
                                    "MISC_CHECK {\n misc_path /missing\n}\nMISC_CHECK {\n misc_path /bin/ok\n}\n"
                                    "FILE_CHECK {\n track_file f\n}") +
                            "track_file f {\n file /x\n}\n");
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  drop_unusable_checks(loaded.tree, loaded.config);
  Diagnostics diagnostics;
  const Config child = interpret(loaded.tree, diagnostics);
  CHECK(diagnostics.list().empty());
  CHECK(child.virtual_servers == loaded.config.virtual_servers);
  REQUIRE(child.virtual_servers.size() == 1);
  CHECK(child.virtual_servers[0].real_servers[0].checks.size() == 2);
}
