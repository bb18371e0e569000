#include "core/watchdog/io/process_watch.h"

#include <signal.h>
#include <sys/wait.h>
#include <vector>

#include "core/runtime/clock.h"
#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

pid_t sleeper() {
  const pid_t pid = fork();
  if (pid == 0) {
    for (;;) pause();
  }
  return pid;
}

}  // namespace

TEST_CASE("the end of a process is told once") {
  EventLoop loop;
  std::vector<pid_t> ended;
  ProcessWatch watch(loop, [&](pid_t pid) { ended.push_back(pid); });
  const pid_t first = sleeper(), second = sleeper();
  watch.add(first);
  watch.add(second);
  watch.add(first);
  CHECK_FALSE(loop.run_until([&] { return !ended.empty(); }, now() + milliseconds(150)));
  kill(first, SIGKILL);
  waitpid(first, nullptr, 0);
  REQUIRE(loop.run_until([&] { return !ended.empty(); }, now() + seconds(2)));
  loop.run_until([] { return false; }, now() + milliseconds(250));
  CHECK(ended == std::vector<pid_t>{first});
  kill(second, SIGKILL);
  waitpid(second, nullptr, 0);
  REQUIRE(loop.run_until([&] { return ended.size() == 2; }, now() + seconds(2)));
}

TEST_CASE("a process that is gone already is told too") {
  EventLoop loop;
  std::vector<pid_t> ended;
  ProcessWatch watch(loop, [&](pid_t pid) { ended.push_back(pid); });
  const pid_t pid = sleeper();
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  watch.add(pid);
  REQUIRE(loop.run_until([&] { return !ended.empty(); }, now() + seconds(2)));
  CHECK(ended == std::vector<pid_t>{pid});
}
