#include "core/watchdog/io/rendezvous.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

#include "core/runtime/clock.h"
#include "core/runtime/signals.h"
#include "core/runtime/socket.h"
#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

namespace {

const std::string cookie(32, 'c');

struct Door {
  Door() {
    ignore_sigpipe();
    Rendezvous::Callbacks callbacks;
    callbacks.on_orphan = [this](const proto::Hello&, pid_t pid, UniqueFd socket) {
      orphans.push_back(pid);
      if (welcome) kept.push_back(std::move(socket));
      return welcome;
    };
    callbacks.on_refused = [this](std::string reason) { refusals.push_back(std::move(reason)); };
    auto opened = Rendezvous::open(loop, path, cookie, std::move(callbacks));
    REQUIRE(opened);
    rendezvous = std::move(*opened);
  }
  UniqueFd call() {
    auto socket = connect_unix(path);
    REQUIRE(socket);
    return std::move(*socket);
  }
  void until_refused(std::size_t count, Duration patience = seconds(1)) {
    REQUIRE(loop.run_until([&] { return refusals.size() >= count; }, now() + patience));
  }
  bool refused_because(const std::string& words) const {
    return !refusals.empty() && refusals.back().find(words) != std::string::npos;
  }

  TemporaryDirectory directory;
  std::string path = directory.file("rendezvous.sock");
  EventLoop loop;
  bool welcome = true;
  std::vector<pid_t> orphans;
  std::vector<UniqueFd> kept;
  std::vector<std::string> refusals;
  std::unique_ptr<Rendezvous> rendezvous;
};

void say(const UniqueFd& socket, const std::string& octets) {
  REQUIRE(::send(socket.get(), octets.data(), octets.size(), 0) == static_cast<ssize_t>(octets.size()));
}

std::string hello(const std::string& secret = cookie, int pid = getpid()) {
  proto::Envelope envelope;
  envelope.mutable_hello()->set_role(proto::ROLE_VRRP);
  envelope.mutable_hello()->set_pid(pid);
  envelope.mutable_hello()->set_cookie(secret);
  std::string stream;
  append_frame(stream, envelope.SerializeAsString());
  return stream;
}

}  // namespace

TEST_CASE("who is root and has the cookie is let in") {
  Door door;
  CHECK(mode_of(door.path) == 0600);
  const UniqueFd caller = door.call();
  say(caller, hello());
  REQUIRE(door.loop.run_until([&] { return !door.orphans.empty(); }, now() + seconds(1)));
  CHECK(door.orphans == std::vector<pid_t>{getpid()});
  CHECK(door.refusals.empty());
}

TEST_CASE("one who is not waited for is told from one who lies") {
  Door door;
  door.welcome = false;
  const UniqueFd caller = door.call();
  say(caller, hello());
  door.until_refused(1);
  CHECK(door.refused_because("is not one we wait for"));
}

TEST_CASE("liars and babblers are refused, and the reason is told") {
  const std::string pong("\0\0\0\2\x22\0", 6);
  const std::vector<std::pair<std::string, std::string>> rubbish{
      {hello(std::string(32, 'x')), "has a wrong cookie"},
      {hello(""), "has a wrong cookie"},
      {hello(cookie + "c"), "has a wrong cookie"},
      {hello(cookie, 1), "says it is another process"},
      {hello() + "x", "said more before it was answered"},
      {hello() + hello(), "said more before it was answered"},
      {pong, "did not begin with a greeting"},
      {std::string("\0\0\0\3\xff\xff\xff", 7), "did not begin with a greeting"},
      {std::string("\0\0\0\0", 4), "did not begin with a greeting"},
      {std::string("\0\x10\0\1", 4), "sent a frame of 1048577 octets, at most 1048576 are allowed"}};
  Door door;
  for (const auto& [octets, why] : rubbish) {
    const std::size_t before = door.refusals.size();
    const UniqueFd caller = door.call();
    say(caller, octets);
    door.until_refused(before + 1);
    INFO(door.refusals.back());
    CHECK(door.refused_because(why));
    char end = 0;
    CHECK(recv(caller.get(), &end, 1, 0) <= 0);
  }
  CHECK(door.orphans.empty());
}

TEST_CASE("a greeting in pieces is understood") {
  Door door;
  const UniqueFd caller = door.call();
  for (const char octet : hello()) {
    say(caller, std::string(1, octet));
    while (door.loop.run_once()) {
    }
  }
  CHECK(door.orphans.size() == 1);
}

TEST_CASE("who goes away without a word, and who says half a word for two seconds, is forgotten") {
  Door door;
  door.call();
  door.until_refused(1);
  CHECK(door.refused_because("went away without a word"));
  const UniqueFd silent = door.call();
  const UniqueFd half = door.call();
  say(half, hello().substr(0, 10));
  const TimePoint before = now();
  door.until_refused(3, seconds(3));
  CHECK(now() - before >= milliseconds(1900));
  CHECK(door.refused_because("said nothing for 2 seconds"));
}

TEST_CASE("no more than 16 may wait at a time") {
  Door door;
  std::vector<UniqueFd> crowd;
  for (int i = 0; i < 20; ++i) crowd.push_back(door.call());
  door.until_refused(4);
  CHECK(door.refused_because("while 16 others waited"));
  crowd.clear();
  door.until_refused(20);
  const UniqueFd caller = door.call();
  say(caller, hello());
  CHECK(door.loop.run_until([&] { return !door.orphans.empty(); }, now() + seconds(1)));
}

TEST_CASE("who is not root is not heard, whatever it says") {
  Door door;
  // Modes keep it out already; here they are widened to see SO_PEERCRED at work.
  REQUIRE(chmod(door.directory.path().c_str(), 0755) == 0);
  REQUIRE(chmod(door.path.c_str(), 0666) == 0);
  const int status = in_child([&] {
    if (setgid(kNobody) != 0 || setuid(kNobody) != 0) return 1;
    const auto socket = connect_unix(door.path);
    if (!socket) return 2;
    const std::string words = hello();
    ::send(socket->get(), words.data(), words.size(), MSG_NOSIGNAL);
    return 0;
  });
  CHECK(status == 0);
  door.until_refused(1);
  CHECK(door.refused_because("a process of user 65534 knocked"));
  CHECK(door.orphans.empty());
}

TEST_CASE("the door is taken away with its owner, and a dead one's is replaced") {
  Door door;
  CHECK_FALSE(Rendezvous::open(door.loop, door.path, cookie, {}));
  door.rendezvous.reset();
  CHECK_FALSE(std::filesystem::exists(door.path));
  CHECK(in_child([&] {
          EventLoop loop;
          auto left = Rendezvous::open(loop, door.path, cookie, {});
          if (!left) return 1;
          (void)left->release();
          return 0;
        }) == 0);
  CHECK(std::filesystem::exists(door.path));
  CHECK(Rendezvous::open(door.loop, door.path, cookie, {}));
}

TEST_CASE("without a descriptor for a caller the loop does not spin, and the caller is heard when there is one") {
  Door door;
  const UniqueFd caller = door.call();
  say(caller, hello());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{static_cast<rlim_t>(caller.get()) + 1, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  int turns = 0;
  while (turns < 1000 && door.loop.run_once()) ++turns;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(turns < 10);
  CHECK(door.orphans.empty());
  REQUIRE(door.loop.run_until([&] { return !door.orphans.empty(); }, now() + seconds(1)));
}
