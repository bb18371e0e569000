#include "core/watchdog/io/control_socket.h"

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "core/runtime/clock.h"
#include "core/runtime/socket.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

class Caller {
 public:
  explicit Caller(const std::string& path) {
    if (auto connected = connect_unix(path)) socket_ = std::move(*connected);
  }
  bool connected() const { return socket_.get() >= 0; }
  bool say(const std::string& octets) {
    return send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size());
  }
  bool ask(const proto::ControlRequest& request) {
    std::string frame;
    append_frame(frame, request.SerializeAsString());
    return say(frame);
  }
  /// What has come so far.
  std::optional<proto::ControlReply> reply() {
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t n = recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n <= 0) {
        closed_ = n == 0 || errno == ECONNRESET;
        break;
      }
      reader_.feed({buffer.data(), static_cast<std::size_t>(n)});
    }
    const auto frame = reader_.next();
    if (!frame || !*frame) return std::nullopt;
    proto::ControlReply reply;
    REQUIRE(reply.ParseFromString(**frame));
    return reply;
  }
  bool closed() {
    reply();
    return closed_;
  }

 private:
  UniqueFd socket_;
  FrameReader reader_{64U << 20};
  bool closed_ = false;
};

struct Fixture {
  char directory[40] = "/tmp/holdfast_control_XXXXXX";
  EventLoop loop;
  int asked = 0;
  std::unique_ptr<ControlSocket> socket;

  Fixture() {
    REQUIRE(mkdtemp(directory) != nullptr);
    auto opened = ControlSocket::open(loop, path(), [this] {
      ++asked;
      proto::DaemonStatus status;
      status.set_version("test");
      return status;
    });
    REQUIRE(opened);
    socket = std::move(*opened);
  }
  ~Fixture() {
    socket.reset();
    std::filesystem::remove_all(directory);
  }
  std::string path() const { return std::string(directory) + "/control.sock"; }
  void settle() {
    while (loop.run_once()) {
    }
  }
  bool until(const std::function<bool()>& done) { return loop.run_until(done, now() + seconds(20)); }
};

proto::ControlRequest status_request() {
  proto::ControlRequest request;
  request.mutable_status();
  return request;
}

proto::ControlRequest watch_request() {
  proto::ControlRequest request;
  request.mutable_watch();
  return request;
}

proto::Happening some_event() {
  proto::Happening event;
  event.mutable_instance_changed()->set_instance(std::string(1000, 'x'));
  return event;
}

}  // namespace

TEST_CASE("the socket is there for root and the daemon's user only, and is gone afterwards") {
  Fixture f;
  struct stat st {};
  REQUIRE(stat(f.path().c_str(), &st) == 0);
  CHECK((st.st_mode & 07777) == 0600);
  f.socket.reset();
  CHECK(stat(f.path().c_str(), &st) != 0);
}

TEST_CASE("a status request is answered once") {
  Fixture f;
  Caller caller(f.path());
  REQUIRE(caller.ask(status_request()));
  f.settle();
  const auto reply = caller.reply();
  REQUIRE(reply);
  CHECK(reply->status().version() == "test");
  CHECK(f.asked == 1);
  caller.ask(status_request());
  f.settle();
  CHECK(f.asked == 1);
  CHECK(caller.closed());
}

TEST_CASE("a thousand requests in one breath cost one status") {
  Fixture f;
  Caller caller(f.path());
  std::string breath;
  for (int i = 0; i < 1000; ++i) append_frame(breath, status_request().SerializeAsString());
  REQUIRE(caller.say(breath));
  f.settle();
  CHECK(f.asked == 1);
  CHECK(f.socket->clients() == 0);
}

TEST_CASE("watchers are told every event until they go away") {
  Fixture f;
  CHECK_FALSE(f.socket->watched());
  {
    Caller one(f.path()), two(f.path());
    REQUIRE(one.ask(watch_request()));
    REQUIRE(two.ask(watch_request()));
    f.settle();
    CHECK(f.socket->watched());
    CHECK(one.reply()->watching().pid() == getpid());
    CHECK(two.reply()->has_watching());
    f.socket->publish(some_event());
    f.settle();
    CHECK(one.reply()->event().has_instance_changed());
    CHECK(two.reply()->event().has_instance_changed());
  }
  f.settle();
  CHECK_FALSE(f.socket->watched());
  CHECK(f.socket->clients() == 0);
}

TEST_CASE("a watcher that does not read is closed, and the other one misses nothing") {
  Fixture f;
  Caller lazy(f.path()), good(f.path());
  REQUIRE(lazy.ask(watch_request()));
  REQUIRE(good.ask(watch_request()));
  f.settle();
  REQUIRE(good.reply()->has_watching());
  int told = 0;
  for (; told < 5000 && f.socket->clients() == 2; ++told) {
    f.socket->publish(some_event());
    f.settle();
    REQUIRE(good.reply()->has_event());
  }
  CHECK(told < 5000);
  f.socket->publish(some_event());
  CHECK(good.reply()->has_event());
  CHECK(f.socket->clients() == 1);
}

TEST_CASE("garbage costs a caller its connection and nobody else anything") {
  Fixture f;
  const std::string oversized("\xff\xff\xff\xff", 4);
  const std::string not_protobuf("\0\0\0\4\xff\xff\xff\xff", 8);
  const std::string unknown("\0\0\0\0", 4);
  Caller watcher(f.path());
  REQUIRE(watcher.ask(watch_request()));
  f.settle();
  for (const std::string& garbage : {oversized, not_protobuf, unknown}) {
    Caller caller(f.path());
    REQUIRE(caller.say(garbage));
    f.settle();
    CHECK(caller.closed());
  }
  {
    Caller half(f.path());
    REQUIRE(half.say(std::string("\0\0\1\0abc", 7)));
    f.settle();
    CHECK(f.socket->clients() == 2);
  }
  f.settle();
  CHECK(f.socket->clients() == 1);
  CHECK(f.asked == 0);
  REQUIRE(watcher.reply()->has_watching());
  f.socket->publish(some_event());
  CHECK(watcher.reply()->has_event());
}

TEST_CASE("one that says nothing, or only half, is closed when patience ends") {
  Fixture f;
  Caller silent(f.path()), half(f.path());
  REQUIRE(half.say(std::string("\0\0\1\0abc", 7)));
  f.settle();
  CHECK(f.socket->clients() == 2);
  const TimePoint begin = now();
  REQUIRE(f.until([&] { return f.socket->clients() == 0; }));
  CHECK(now() - begin >= kControlPatience - milliseconds(100));
  CHECK(silent.closed());
  CHECK(half.closed());
}

TEST_CASE("of a thousand connections most are refused, and one that asks later is answered") {
  Fixture f;
  std::vector<std::unique_ptr<Caller>> crowd;
  std::size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    crowd.push_back(std::make_unique<Caller>(f.path()));
    if (!crowd.back()->connected()) crowd.pop_back();
    f.loop.run_once();
    most = std::max(most, f.socket->clients());
  }
  f.settle();
  CHECK(most <= kMostControlClients + 9);  // those of one turn that are being refused
  CHECK(f.socket->clients() <= kMostControlClients);
  crowd.clear();
  f.settle();
  CHECK(f.socket->clients() == 0);
  Caller later(f.path());
  REQUIRE(later.ask(status_request()));
  f.settle();
  CHECK(later.reply()->has_status());
}

TEST_CASE("without descriptors the listener rests instead of spinning") {
  Fixture f;
  Caller caller(f.path());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{3, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  int turns = 0;
  while (f.loop.run_once() && turns < 100) ++turns;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(turns < 100);
  REQUIRE(caller.ask(status_request()));
  REQUIRE(f.until([&] { return f.asked == 1; }));
}

TEST_CASE("another user is refused even if he gets through to the socket") {
  if (geteuid() != 0) return;
  Fixture f;
  REQUIRE(chmod(f.directory, 0755) == 0);
  REQUIRE(chmod(f.path().c_str(), 0666) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) _exit(9);
    auto connected = connect_unix(f.path());
    if (!connected) _exit(8);
    char octets[256];
    ssize_t n = -1;
    for (int i = 0; i < 2000 && n < 0; ++i) {
      usleep(5000);
      n = recv(connected->get(), octets, sizeof octets, 0);
    }
    proto::ControlReply reply;
    const bool refused = n > 4 && reply.ParseFromArray(octets + 4, static_cast<int>(n) - 4) && reply.has_refused() &&
                         reply.refused().why() == proto::Refused::NOT_ALLOWED;
    _exit(refused ? 0 : 7);
  }
  int status = -1;
  REQUIRE(f.until([&] { return waitpid(child, &status, WNOHANG) == child; }));
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(f.asked == 0);
}
