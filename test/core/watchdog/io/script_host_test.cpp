#include "core/watchdog/io/script_host.h"

#include <cerrno>
#include <optional>
#include <signal.h>

#include "core/runtime/clock.h"
#include "core/runtime/signals.h"
#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

config::ScriptCommand command(std::vector<std::string> argv, const std::string& user = "") {
  config::ScriptCommand c;
  c.argv = std::move(argv);
  c.user = user;
  return c;
}

config::Config with_script(const config::ScriptCommand& script) {
  config::Config config;
  config::VrrpScript& added = config.vrrp_scripts.emplace_back();
  added.name = "chk";
  added.script = script;
  return config;
}

proto::RunScript request(const config::ScriptCommand& script, std::uint64_t id = 1) {
  proto::RunScript r;
  r.set_id(id);
  for (const std::string& word : script.argv) r.add_argv(word);
  r.set_user(script.user);
  r.set_group(script.group);
  r.set_wants_result(true);
  return r;
}

struct Host {
  Host() {
    host.emplace(loop, [this](std::string text) { logs.push_back(std::move(text)); });
  }
  proto::ScriptResult run(const proto::RunScript& r) {
    std::optional<proto::ScriptResult> answer;
    host->run(r, [&](const proto::ScriptResult& result) { answer = result; });
    REQUIRE(loop.run_until([&] { return answer.has_value(); }, now() + seconds(5)));
    return *answer;
  }
  EventLoop loop;
  std::vector<std::string> logs;
  std::optional<ScriptHost> host;
  SignalWatch signals{loop, {SIGCHLD}, [this](int) {
                        for (const Exit& exit : reap_children()) host->on_exit(exit);
                      }};
};

}  // namespace

TEST_CASE("what stands in the configuration is run, and its status told") {
  Host h;
  const auto fails = command({"/bin/sh", "-c", "exit 3"});
  h.host->allow(with_script(fails));
  const auto result = h.run(request(fails, 77));
  CHECK(result.id() == 77);
  CHECK(result.outcome() == proto::ScriptResult::EXITED);
  CHECK(result.status() == 3);
}

TEST_CASE("what does not stand in the configuration word for word is refused, and named") {
  Host h;
  h.host->allow(with_script(command({"/bin/true", "a b"})));
  for (const auto& other :
       {command({"/bin/true"}), command({"/bin/true", "a", "b"}), command({"/bin/true", "a b", ""}),
        command({"/bin/true", "a b"}, "root"), command({}), command({"/bin/rm", "-rf", "/nonesuch"})}) {
    const auto result = h.run(request(other));
    CHECK(result.outcome() == proto::ScriptResult::NOT_STARTED);
    CHECK(result.status() == EPERM);
    CHECK(h.logs.back().starts_with("Refused to run '"));
  }
}

TEST_CASE("after a reload only what the new configuration names may run; until then both") {
  Host h;
  const auto old_script = command({"/bin/true", "old"}), new_script = command({"/bin/true", "new"});
  h.host->allow(with_script(old_script));
  h.host->allow(with_script(new_script));
  CHECK(h.run(request(old_script)).outcome() == proto::ScriptResult::EXITED);
  CHECK(h.run(request(new_script)).outcome() == proto::ScriptResult::EXITED);
  h.host->keep_only(with_script(new_script));
  CHECK(h.run(request(old_script)).outcome() == proto::ScriptResult::NOT_STARTED);
  CHECK(h.run(request(new_script)).outcome() == proto::ScriptResult::EXITED);
}

TEST_CASE("a script runs as the user the configuration names, with that user's group and no other") {
  TemporaryDirectory directory;
  REQUIRE(chmod(directory.path().c_str(), 0777) == 0);
  Host h;
  const auto who =
      command({"/bin/sh", "-c", "id -u > " + directory.file("who") + "; id -G >> " + directory.file("who")}, "nobody");
  h.host->allow(with_script(who));
  CHECK(h.run(request(who)).status() == 0);
  CHECK(content(directory.file("who")) == "65534\n65534\n");
}

TEST_CASE("without a user of its own a script runs as script_user") {
  TemporaryDirectory directory;
  REQUIRE(chmod(directory.path().c_str(), 0777) == 0);
  Host h;
  const auto who = command({"/bin/sh", "-c", "id -u > " + directory.file("who")});
  config::Config config = with_script(who);
  config.global_defs.script_user = "nobody";
  h.host->allow(config);
  CHECK(h.run(request(who)).status() == 0);
  CHECK(content(directory.file("who")) == "65534\n");
}

TEST_CASE("an unknown user or group starts nothing") {
  Host h;
  const auto ghost = command({"/bin/true"}, "nonesuch9");
  h.host->allow(with_script(ghost));
  CHECK(h.run(request(ghost)).outcome() == proto::ScriptResult::NOT_STARTED);
  CHECK(h.logs.back().find("there is no user 'nonesuch9'") != std::string::npos);
}

TEST_CASE("a program that cannot be executed is told, not fatal") {
  Host h;
  const auto gone = command({"/no/such/program"});
  h.host->allow(with_script(gone));
  CHECK(h.run(request(gone)).outcome() == proto::ScriptResult::NOT_STARTED);
  CHECK(h.logs.back().find("No such file or directory") != std::string::npos);
}

TEST_CASE("a script that takes too long is ended, and that is told") {
  Host h;
  const auto slow = command({"/bin/sleep", "30"});
  h.host->allow(with_script(slow));
  auto r = request(slow);
  r.set_timeout_us(100'000);
  CHECK(h.run(r).outcome() == proto::ScriptResult::TIMED_OUT);
  CHECK(h.host->running() == 0);
}

TEST_CASE("what a notification appends comes as arguments, and NOTIFY_SOCKET does not leak") {
  TemporaryDirectory directory;
  setenv("NOTIFY_SOCKET", "/run/secret", 1);
  Host h;
  write_file(directory.file("notify.sh"), "#!/bin/sh\necho \"$@ $NOTIFY_SOCKET\" > " + directory.file("out"), 0755);
  const auto notify = command({directory.file("notify.sh"), "own"});
  config::Config config;
  config.vrrp_instances.emplace_back().notify.own().any = notify;
  h.host->allow(config);
  auto r = request(notify);
  r.add_appended("INSTANCE");
  r.add_appended("V 1");
  CHECK(h.run(r).status() == 0);
  CHECK(content(directory.file("out")) == "own INSTANCE V 1 \n");
  unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("a stopping daemon ends its checks and lets notifications finish") {
  TemporaryDirectory directory;
  Host h;
  const auto check = command({"/bin/sleep", "30"});
  const auto notify = command({"/bin/sh", "-c", "sleep 0.3; echo done > " + directory.file("out")});
  config::Config config = with_script(check);
  config.vrrp_instances.emplace_back().notify.own().stop = notify;
  h.host->allow(config);
  h.host->run(request(check, 1), [](const proto::ScriptResult&) {});
  auto r = request(notify, 2);
  r.set_wants_result(false);
  h.host->run(r, [](const proto::ScriptResult&) { FAIL("nobody asked"); });
  h.host->stop();
  REQUIRE(h.loop.run_until([&] { return h.host->running() == 0; }, now() + seconds(3)));
  CHECK(content(directory.file("out")) == "done\n");
}
