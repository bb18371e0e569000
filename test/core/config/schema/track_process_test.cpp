#include "core/config/schema/track_process.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

TrackProcess read(const std::string& lines) {
  const Loaded loaded = load_text("vrrp_track_process p {\n" + lines + "\n}\n");
  REQUIRE(loaded.config.track_processes.size() == 1);
  return loaded.config.track_processes[0];
}

}  // namespace

TEST_CASE("a tracked process has a name, words, numbers and delays") {
  const TrackProcess plain = read(" process nginx");
  CHECK(plain.process == "nginx");
  CHECK(plain.weight == 0);
  CHECK(plain.quorum == 1);
  CHECK(plain.quorum_max == kUnlimitedProcesses);
  CHECK_FALSE(plain.whole_command());
  const TrackProcess full = read(
      " process \"/opt/a b\" -x \"c d\"\n param_match initial\n weight -20 reverse\n quorum 2\n quorum_max 4\n delay "
      "3\n"
      " fork_delay 0.5\n full_command");
  CHECK(full.process == "/opt/a b");
  CHECK(full.parameters == std::vector<std::string>{"-x", "c d"});
  CHECK(full.parameter_match == ParameterMatch::Initial);
  CHECK(full.weight == -20);
  CHECK(full.reverse);
  CHECK(full.quorum == 2);
  CHECK(full.quorum_max == 4);
  CHECK(full.terminate_delay == seconds(3));
  CHECK(full.fork_delay == milliseconds(500));
  CHECK(full.whole_command());
}

TEST_CASE("param_match, parameters and full_command make the whole command count") {
  CHECK(read(" process x -a").whole_command());
  CHECK(read(" process x\n param_match").parameter_match == ParameterMatch::Exact);
  CHECK(read(" process x\n param_match partial").parameter_match == ParameterMatch::Partial);
}

TEST_CASE("a process that must not run has a quorum of none") {
  const TrackProcess none = read(" process x\n quorum_max 0");
  CHECK(none.quorum == 0);
  CHECK(none.quorum_max == 0);
  CHECK(read(" process x\n quorum 5\n quorum_max 3").quorum_max == kUnlimitedProcesses);
  CHECK(read(" process x\n quorum_max 3\n quorum 5").quorum == 1);
}
