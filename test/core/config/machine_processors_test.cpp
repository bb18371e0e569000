#include "core/config/machine_processors.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("a process runs only on processors that the machine has") {
  FakeMachine machine;  // two of them
  Loaded loaded =
      load_text("global_defs {\n vrrp_cpu_affinity 0 2\n checker_cpu_affinity 1\n bfd_cpu_affinity 77\n}\n");
  lint_processors(machine, loaded.tree, loaded.config, loaded.diagnostics);
  CHECK(mentions(
      loaded, "k.conf:2:22: Invalid cpu_id:2 specified for vrrp process, expected a processor of this machine, 0..1"));
  CHECK(mentions(loaded, "k.conf:4:19: Invalid cpu_id:77 specified for bfd process"));
  CHECK_FALSE(mentions(loaded, "cpu_id:0"));
  CHECK_FALSE(mentions(loaded, "cpu_id:1"));
  CHECK(loaded.config.global_defs.vrrp_cpu_affinity == std::vector<int>{0});
  CHECK(loaded.config.global_defs.checker_cpu_affinity == std::vector<int>{1});
}
