#include "core/runtime/child_process.h"

#include <algorithm>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "core/runtime/clock.h"
#include "core/runtime/signals.h"
#include "core/runtime/socket.h"
#include "test/core/runtime/support.h"

using namespace holdfast;
using holdfast::test::content;
using holdfast::test::TemporaryDirectory;

namespace {

SpawnOptions shell(const std::string& script) {
  SpawnOptions options;
  options.executable = "/bin/sh";
  options.argv = {"sh", "-c", script};
  options.environment = {"PATH=/usr/bin:/bin"};
  return options;
}

int run(const SpawnOptions& options) {
  const auto pid = spawn(options);
  REQUIRE(pid);
  int status = 0;
  REQUIRE(waitpid(*pid, &status, 0) == *pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("child_runs_with_its_arguments_and_only_the_given_environment") {
  TemporaryDirectory directory;
  SpawnOptions options = shell("echo \"$0 $COLOUR $HOME\" > " + directory.file("out"));
  options.argv.push_back("zero");
  options.environment.push_back("COLOUR=red");
  CHECK(run(options) == 0);
  CHECK(content(directory.file("out")) == "zero red \n");
}

TEST_CASE("program_that_cannot_be_executed_is_an_error_and_leaves_no_zombie") {
  SpawnOptions options;
  options.executable = "/nowhere/program";
  options.argv = {"program"};
  const auto pid = spawn(options);
  REQUIRE_FALSE(pid);
  CHECK(pid.error().code == ENOENT);
  CHECK(pid.error().message == "/nowhere/program: No such file or directory");
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("child_has_no_descriptor_but_stdio_and_the_inherited_one") {
  auto pair = socket_pair();
  REQUIRE(pair);
  const UniqueFd leaky(open("/dev/null", O_RDONLY));  // not close-on-exec
  SpawnOptions options = shell(
      "n=0; while [ $n -lt 64 ]; do if [ -e /proc/$$/fd/$n ]; then all=\"$all $n\"; fi; n=$((n+1)); done;"
      "[ \"$all\" = \"$EXPECTED\" ]");
  options.null_stdio = true;
  options.inherit_fd = pair->second.get();
  options.environment.emplace_back("EXPECTED= 0 1 2 3");
  CHECK(run(options) == 0);
  options.inherit_fd = -1;
  options.environment.back() = "EXPECTED= 0 1 2";
  CHECK(run(options) == 0);
}

TEST_CASE("inherited_descriptor_works_in_the_child") {
  auto pair = socket_pair();
  REQUIRE(pair);
  SpawnOptions options = shell("echo hello >&3");
  options.inherit_fd = pair->second.get();
  CHECK(run(options) == 0);
  char text[10] = {};
  CHECK(read(pair->first.get(), text, sizeof text) == 6);
  CHECK(std::string(text) == "hello\n");
}

TEST_CASE("child_starts_with_default_handlers_and_nothing_blocked") {
  sigset_t before;
  sigprocmask(SIG_BLOCK, nullptr, &before);
  block_signals({SIGTERM});
  ignore_sigpipe();
  CHECK(run(shell("kill -TERM $$; exit 0")) == -SIGTERM);
  CHECK(run(shell("kill -PIPE $$; exit 0")) == -SIGPIPE);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("child_can_lead_a_group_and_run_as_somebody_else") {
  REQUIRE(geteuid() == 0);  // these tests need root
  SpawnOptions options = shell("test \"$(id -u) $(id -g) $(id -G)\" = '65534 65533 65533 17'");
  options.credentials = Credentials{65534, 65533, {17}};
  CHECK(run(options) == 0);
  SpawnOptions group = shell("kill -KILL -$$");
  group.new_process_group = true;
  CHECK(run(group) == -SIGKILL);
}

TEST_CASE("child_gets_nice_directory_and_null_stdio") {
  SpawnOptions options =
      shell("test \"$(nice)\" = 5 && test \"$(pwd)\" = / && test \"$(readlink /proc/self/fd/0)\" = /dev/null");
  options.nice = 5;
  options.working_directory = "/";
  options.null_stdio = true;
  CHECK(run(options) == 0);
}

TEST_CASE("ends_of_children_are_collected_without_waiting") {
  CHECK(reap_children().empty());
  const auto one = spawn(shell("exit 3"));
  const auto two = spawn(shell("kill -KILL $$"));
  REQUIRE(one);
  REQUIRE(two);
  siginfo_t information{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(*one), &information, WEXITED | WNOWAIT) == 0);
  REQUIRE(waitid(P_PID, static_cast<id_t>(*two), &information, WEXITED | WNOWAIT) == 0);
  auto exits = reap_children();
  REQUIRE(exits.size() == 2);
  CHECK(std::count(exits.begin(), exits.end(), Exit{*one, false, 3}) == 1);
  CHECK(std::count(exits.begin(), exits.end(), Exit{*two, true, SIGKILL}) == 1);
}

TEST_CASE("environment_is_copied_without_the_given_names") {
  setenv("NOTIFY_SOCKET", "/run/x", 1);
  setenv("NOTIFY_SOCKET_TOO", "y", 1);
  const auto environment = environment_without({"NOTIFY_SOCKET"});
  unsetenv("NOTIFY_SOCKET");
  CHECK(std::count(environment.begin(), environment.end(), "NOTIFY_SOCKET=/run/x") == 0);
  CHECK(std::count(environment.begin(), environment.end(), "NOTIFY_SOCKET_TOO=y") == 1);
}
