#include "core/config/lint_references.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
const std::string kScript = "vrrp_script S {\n script /bin/true\n}\n";
}

TEST_CASE("a script may be defined after its use; the exit code stays") {
  const Loaded loaded = load_text(instance("track_script {\n S weight 3\n}") + kScript);
  REQUIRE(loaded.config.vrrp_instances.at(0).track_scripts.size() == 1);
  CHECK(loaded.config.vrrp_instances[0].track_scripts[0].weight == 3);
  CHECK(mentions(loaded, "k.conf:8:2: warning: (I) track_script S is defined only after this line"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK_FALSE(mentions(load_text(kScript + instance("track_script {\n S\n}")), "defined only after"));
}

TEST_CASE("what is tracked and never defined is an error, in instances and in groups") {
  const Loaded loaded = load_text(instance("track_file {\n f\n}\ntrack_process {\n p\n}\ntrack_bfd {\n b\n}") +
                                  "vrrp_sync_group G {\n group {\n I\n }\n track_bfd {\n b\n }\n}\n");
  CHECK(mentions(loaded, "(I) track file f not found, ignoring..., expected the name of a track_file"));
  CHECK(mentions(loaded, "(I) track process p not found, ignoring..."));
  CHECK(mentions(loaded, "(I) track bfd b not found, ignoring..."));
  CHECK(mentions(loaded, "(G) track bfd b not found, ignoring..."));
  CHECK(exit_code(loaded.diagnostics) == 5);
}

TEST_CASE("files, processes and BFD sessions may be defined after their use, in the old spelling too") {
  const Loaded loaded =
      load_text(instance("track_file {\n f\n}\ntrack_process {\n p\n}\ntrack_bfd {\n b\n}") +
                "vrrp_track_file f {\n file /x\n}\nvrrp_track_process p {\n process x\n}\nbfd_instance b {\n}\n");
  CHECK_FALSE(mentions(loaded, "not found"));
  CHECK(mentions(loaded, "(I) track_file f is defined only after this line"));
  CHECK(mentions(loaded, "(I) track_process p is defined only after this line"));
  CHECK(mentions(loaded, "(I) track_bfd b is defined only after this line"));
}

TEST_CASE("tracking twice and not at all is said") {
  const Loaded twice = load_text(kScript + instance("track_script {\n S\n S\n}"));
  CHECK(mentions(twice, "(I) duplicate track_script S - ignoring"));
  CHECK(exit_code(twice.diagnostics) == 5);
  CHECK(mentions(load_text(kScript + instance("")), "script S is not used"));
  CHECK(exit_code(load_text(kScript + instance("")).diagnostics) == 0);
}

TEST_CASE("an interface that is tracked twice is said") {
  CHECK(mentions(load_text(instance("track_interface {\n eth1\n eth1\n}")),
                 "k.conf:9:2: warning: (I) duplicate track_interface eth1 - ignoring"));
}
