#include "core/runtime/script_runner.h"

#include <signal.h>

#include "core/runtime/signals.h"
#include "test/core/runtime/support.h"

using namespace holdfast;
using holdfast::test::content;
using holdfast::test::TemporaryDirectory;

namespace {

struct World {
  EventLoop loop;
  ScriptRunner runner{loop};
  SignalWatch children{loop, {SIGCHLD}, [this](int) {
                         for (const Exit& exit : reap_children()) runner.on_exit(exit);
                       }};
  std::vector<ScriptEnd> ends;
  TemporaryDirectory directory;

  ScriptRunner::Id start(const std::string& script, Duration timeout = Duration::zero(), std::string queue = "") {
    ScriptRun run;
    run.argv = {"/bin/sh", "-c", script};
    run.environment = {"PATH=/usr/bin:/bin", "NOTIFY_SOCKET=/run/secret", "OUT=" + directory.file("out")};
    run.timeout = timeout;
    run.queue = std::move(queue);
    return runner.start(std::move(run), [this](ScriptEnd end) { ends.push_back(end); });
  }
  bool wait(std::size_t count) {
    return loop.run_until([&] { return ends.size() >= count; }, loop.now() + seconds(20));
  }
};

}  // namespace

TEST_CASE("script_tells_its_exit_status") {
  World world;
  world.start("exit 4");
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::Exited, 4});
  CHECK(world.runner.running() == 0);
}

TEST_CASE("script_killed_by_a_signal_tells_which") {
  World world;
  world.start("kill -USR1 $$");
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::Signalled, SIGUSR1});
}

TEST_CASE("script_sees_no_notify_socket_and_null_stdio") {
  World world;
  world.start("echo \"${NOTIFY_SOCKET-none} $(readlink /proc/$$/fd/0) $(readlink /proc/$$/fd/2)\" > $OUT");
  REQUIRE(world.wait(1));
  CHECK(content(world.directory.file("out")) == "none /dev/null /dev/null\n");
}

TEST_CASE("missing_program_is_told_later_and_not_from_inside_start") {
  World world;
  ScriptRun run;
  run.argv = {"/nowhere/check.sh"};
  world.runner.start(run, [&](ScriptEnd end) { world.ends.push_back(end); });
  CHECK(world.ends.empty());
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::NotStarted, ENOENT});
}

TEST_CASE("timeout_terminates_the_whole_group") {
  World world;
  world.start("sleep 60 & echo $! > $OUT; wait", milliseconds(100));
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::TimedOut, SIGTERM});
  const pid_t grandchild = std::stoi(content(world.directory.file("out")));
  const auto gone = [&] {
    reap_children();
    const std::string status = content("/proc/" + std::to_string(grandchild) + "/stat");
    return status.empty() || status.find(") Z") != std::string::npos;
  };
  CHECK(world.loop.run_until(gone, world.loop.now() + milliseconds(500)));
}

TEST_CASE("script_that_ignores_term_is_killed_two_seconds_later") {
  World world;
  world.start("trap '' TERM; echo > $OUT; while :; do sleep 0.05; done", milliseconds(200));
  const TimePoint begin = world.loop.now();
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::TimedOut, SIGKILL});
  CHECK(world.loop.now() - begin >= milliseconds(2200));
  CHECK(world.loop.now() - begin < milliseconds(3500));
}

TEST_CASE("scripts_of_one_queue_follow_one_another_in_order") {
  World world;
  world.start("sleep 0.1; echo first >> $OUT", Duration::zero(), "VI_1");
  world.start("/nowhere/x; echo second >> $OUT", Duration::zero(), "VI_1");
  world.start("echo third >> $OUT", Duration::zero(), "VI_1");
  CHECK(world.runner.running() == 1);
  CHECK(world.runner.waiting() == 2);
  REQUIRE(world.wait(3));
  CHECK(content(world.directory.file("out")) == "first\nsecond\nthird\n");
}

TEST_CASE("queue_goes_on_after_a_program_that_does_not_exist") {
  World world;
  for (int i = 0; i < 3; ++i) {
    ScriptRun run;
    run.argv = {"/nowhere/notify.sh"};
    run.queue = "VI_1";
    world.runner.start(run, [&](ScriptEnd end) { world.ends.push_back(end); });
  }
  world.start("true", Duration::zero(), "VI_1");
  REQUIRE(world.wait(4));
  CHECK(world.ends[3] == ScriptEnd{ScriptOutcome::Exited, 0});
}

TEST_CASE("different_queues_do_not_wait_for_each_other") {
  World world;
  world.start("sleep 60", milliseconds(300), "VI_1");
  world.start("true", Duration::zero(), "VI_2");
  REQUIRE(world.wait(1));
  CHECK(world.ends[0] == ScriptEnd{ScriptOutcome::Exited, 0});
  REQUIRE(world.wait(2));
}

TEST_CASE("cancelled_script_is_terminated_or_never_begins") {
  World world;
  const auto running = world.start("sleep 60", Duration::zero(), "q");
  const auto waiting = world.start("sleep 60", Duration::zero(), "q");
  world.runner.cancel(waiting);
  world.runner.cancel(running);
  REQUIRE(world.wait(2));
  CHECK(std::count(world.ends.begin(), world.ends.end(), ScriptEnd{ScriptOutcome::NotStarted, ECANCELED}) == 1);
  CHECK(std::count(world.ends.begin(), world.ends.end(), ScriptEnd{ScriptOutcome::Signalled, SIGTERM}) == 1);
}

TEST_CASE("stop_drops_what_waits_and_calls_nobody_back") {
  World world;
  world.start("sleep 60", Duration::zero(), "q");
  world.start("echo never > $OUT", Duration::zero(), "q");
  world.runner.stop(true);
  CHECK(world.loop.run_until([&] { return world.runner.running() == 0; }, world.loop.now() + seconds(5)));
  CHECK_FALSE(world.loop.run_once());
  CHECK(world.ends.empty());
  CHECK(content(world.directory.file("out")).empty());
}

TEST_CASE("exit_of_a_stranger_is_not_ours") {
  World world;
  CHECK_FALSE(world.runner.on_exit({123456789, false, 0}));
}
