#include "core/control/client.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <stdlib.h>
#include <sys/socket.h>
#include <thread>

#include "core/control/program.h"
#include "core/runtime/socket.h"

using namespace holdfast;
using namespace holdfast::control;

namespace {

/// A daemon of one answer: takes one connection and says these octets.
class FakeDaemon {
 public:
  explicit FakeDaemon(std::string says) : says_(std::move(says)) {
    REQUIRE(mkdtemp(directory_) != nullptr);
    auto listener = listen_unix(path(), 0600);
    REQUIRE(listener);
    listener_ = std::move(*listener);
  }
  ~FakeDaemon() { std::filesystem::remove_all(directory_); }
  std::string path() const { return std::string(directory_) + "/control.sock"; }
  std::string directory() const { return directory_; }
  /// After the client has connected.
  void answer() { REQUIRE(try_answer()); }
  bool try_answer() {
    auto connection = accept_connection(listener_.get());
    if (!connection) return false;
    connection_ = std::move(*connection);
    return send(connection_.get(), says_.data(), says_.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(says_.size());
  }
  void hang_up() { connection_.reset(); }

 private:
  char directory_[40] = "/tmp/holdfast_control_XXXXXX";
  std::string says_;
  UniqueFd listener_, connection_;
};

std::string framed(const proto::ControlReply& reply) {
  std::string frame;
  append_frame(frame, reply.SerializeAsString());
  return frame;
}

proto::ControlRequest status_request() {
  proto::ControlRequest request;
  request.mutable_status();
  return request;
}

}  // namespace

TEST_CASE("replies are taken one by one, and the end of the link is told") {
  proto::ControlReply first, second;
  first.mutable_watching()->set_pid(7);
  second.mutable_event()->mutable_reload_ended()->set_generation(2);
  FakeDaemon daemon(framed(first) + framed(second));
  auto client = Client::ask(daemon.path(), status_request());
  REQUIRE(client);
  daemon.answer();
  daemon.hang_up();
  CHECK(client->next(seconds(5))->watching().pid() == 7);
  CHECK(client->next(seconds(5))->event().reload_ended().generation() == 2);
  const auto end = client->next(seconds(5));
  REQUIRE_FALSE(end);
  CHECK(end.error().code == EPIPE);
}

TEST_CASE("a daemon that says nothing is given up") {
  FakeDaemon daemon("");
  auto client = Client::ask(daemon.path(), status_request());
  REQUIRE(client);
  const auto answer = client->next(milliseconds(30));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ETIMEDOUT);
}

TEST_CASE("garbage from the other end is an error, not a crash") {
  const std::string not_protobuf("\0\0\0\4\xff\xff\xff\xff", 8);
  const std::string too_long("\xff\xff\xff\xff", 4);
  for (const std::string& garbage : {not_protobuf, too_long}) {
    FakeDaemon daemon(garbage);
    auto client = Client::ask(daemon.path(), status_request());
    REQUIRE(client);
    daemon.answer();
    const auto answer = client->next(seconds(5));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == EBADMSG);
  }
}

TEST_CASE("every way not to reach a daemon names the socket and has its exit code") {
  CHECK(explain(Error{"", ENOENT}, "/run/x/control.sock").exit_code == 1);
  CHECK(explain(Error{"", ECONNREFUSED}, "/run/x/control.sock").exit_code == 1);
  CHECK(explain(Error{"", ETIMEDOUT}, "/run/x/control.sock").exit_code == 1);
  CHECK(explain(Error{"", EACCES}, "/run/x/control.sock").exit_code == 2);
  for (const int code : {ENOENT, EACCES, EPIPE, ETIMEDOUT, EBADMSG}) {
    CHECK(explain(Error{"", code}, "/run/x/control.sock").text.find("/run/x/control.sock") != std::string::npos);
  }
}

TEST_CASE("the program ends as its command line deserves") {
  CHECK(program({"--version"}) == 0);
  CHECK(program({"nonsense"}) == 3);
  CHECK(program({"status", "--run-dir", "/nonexistent"}) == 1);
}

TEST_CASE("a refusal ends the program with 2 when it is about who asks") {
  proto::ControlReply refusal;
  refusal.mutable_refused()->set_why(proto::Refused::NOT_ALLOWED);
  FakeDaemon daemon(framed(refusal));
  std::thread answering([&daemon] {
    while (!daemon.try_answer()) std::this_thread::yield();
  });
  CHECK(program({"status", "--run-dir", daemon.directory()}) == 2);
  answering.join();
}
