#include "core/config/lint_definitions.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
int code(const std::string& text) {
  return exit_code(load_text(text).diagnostics);
}
std::string process(const std::string& lines) {
  return "vrrp_track_process p {\n" + lines + "\n}\n";
}
}  // namespace

TEST_CASE("a process tracker says which process, and what tracks one without has nothing") {
  const Loaded loaded = load_text(process(" weight 3") + instance("track_process {\n p\n}"));
  CHECK(mentions(loaded, "k.conf:1:1: track process 'p' process name not specified"));
  CHECK(mentions(loaded, "(I) track process p not found"));
  CHECK(code(process(" process bash")) == 0);
}

TEST_CASE("quorum_max is not less than quorum") {
  CHECK(mentions(load_text(process(" process x\n quorum 5\n quorum_max 3")),
                 "k.conf:4:2: quorum_max 3 is less than quorum 5 - ignoring quorum_max"));
  CHECK(mentions(load_text(process(" process x\n quorum_max 3\n quorum 5")), "k.conf:4:2: quorum_max 3"));
  CHECK(code(process(" process x\n quorum 5\n quorum_max 0")) == 5);
  CHECK(code(process(" process x\n quorum_max 0")) == 0);
  CHECK(code(process(" process x\n quorum 3\n quorum_max 3")) == 0);
}

TEST_CASE("of what may be said once the first counts") {
  CHECK(code(process(" process x\n process y")) == 5);
  const Loaded file = load_text("track_file f {\n file /a\n file /b\n weight 3\n weight 4\n}\n");
  CHECK(exit_code(file.diagnostics) == 5);
  REQUIRE(file.config.track_files.size() == 1);
  CHECK(file.config.track_files[0].path == "/a");
  CHECK(file.config.track_files[0].weight == 3);
}

TEST_CASE("a group of interfaces has a delay, and no interface is in two") {
  CHECK(mentions(load_text("garp_group {\n interface eth0\n}\n"), "garp group does not have any delay set"));
  const std::string one = "garp_group {\n garp_interval 1\n interface eth0\n}\n";
  CHECK(code(one) == 0);
  CHECK(mentions(load_text(one + one), "k.conf:7:2: garp_group already specified for eth0"));
  CHECK(code("garp_group {\n gna_interval 1\n interfaces {\n eth0\n eth1 eth0\n }\n}\n") == 5);
  CHECK(code("garp_group {\n garp_interval 1\n interfaces {\n }\n}\n") == 5);
}
