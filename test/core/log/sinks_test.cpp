#include <catch2/catch.hpp>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/log/console_sink.h"
#include "core/log/syslog_sink.h"

using namespace holdfast;

namespace {

constexpr std::int64_t at_us = 1'795'382'261'000'000;  // Sun Nov 22 21:17:41 2026 UTC

LogLine line(std::string text) {
  return {Level::Info, at_us, "Keepalived", 7, std::move(text)};
}

class Directory {
 public:
  Directory() { REQUIRE(mkdtemp(name_) != nullptr); }
  ~Directory() {
    unlink(log().c_str());
    rmdir(name_);
  }
  std::string log() const { return std::string(name_) + "/log"; }

 private:
  char name_[32] = "/tmp/holdfast_log_XXXXXX";
};

class SyslogDaemon {
 public:
  SyslogDaemon(const std::string& path, int type) : path_(path), fd_(socket(AF_UNIX, type | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    if (type == SOCK_STREAM) REQUIRE(listen(fd_, 5) == 0);
  }
  ~SyslogDaemon() {
    close(fd_);
    unlink(path_.c_str());
  }
  std::string receive() const { return receive_on(fd_); }
  std::string receive_from_connection() const {
    const int connection = accept(fd_, nullptr, nullptr);
    REQUIRE(connection >= 0);
    std::string text = receive_on(connection);
    close(connection);
    return text;
  }

 private:
  static std::string receive_on(int fd) {
    char buffer[10000];
    const ssize_t count = recv(fd, buffer, sizeof buffer, 0);
    return count < 0 ? "" : std::string(buffer, static_cast<std::size_t>(count));
  }
  std::string path_;
  int fd_;
};

void use_utc() {
  setenv("TZ", "UTC", 1);
  tzset();
}

}  // namespace

TEST_CASE("console_line_looks_like_keepalived") {
  use_utc();
  int fds[2];
  REQUIRE(pipe(fds) == 0);
  ConsoleSink sink(fds[1]);
  sink.write(line("Starting"));
  char buffer[100] = {};
  REQUIRE(read(fds[0], buffer, sizeof buffer - 1) > 0);
  CHECK(std::string(buffer) == "Sun Nov 22 21:17:41 2026: Starting\n");
  CHECK(sink.lost() == 0);
  close(fds[0]);
  close(fds[1]);
}

TEST_CASE("console_that_nobody_reads_costs_lines_and_no_time") {
  int fds[2];
  REQUIRE(pipe(fds) == 0);
  ConsoleSink sink(fds[1]);
  const std::string text(1000, 'x');
  for (int i = 0; i < 1000; ++i) sink.write(line(text));
  CHECK(sink.lost() > 900);
  close(fds[0]);
  close(fds[1]);
}

TEST_CASE("console_that_is_closed_costs_lines_and_not_the_process") {
  std::signal(SIGPIPE, SIG_IGN);
  int fds[2];
  REQUIRE(pipe(fds) == 0);
  close(fds[0]);
  ConsoleSink sink(fds[1]);
  sink.write(line("x"));
  CHECK(sink.lost() == 1);
  close(fds[1]);
}

TEST_CASE("syslog_datagram_has_priority_time_ident_and_pid") {
  use_utc();
  CHECK(syslog_datagram(line("text"), 3) == "<30>Nov 22 21:17:41 Keepalived[7]: text");
  CHECK(syslog_datagram(line("a\nb\x7f"), 16) == "<134>Nov 22 21:17:41 Keepalived[7]: a#012b#177");
  CHECK(syslog_datagram(line(std::string(20000, 'x')), 3).size() == 8192);
}

TEST_CASE("syslog_reaches_the_daemon") {
  use_utc();
  Directory directory;
  SyslogDaemon daemon(directory.log(), SOCK_DGRAM);
  SyslogSink sink({3, directory.log(), 10});
  sink.write(line("text"));
  CHECK(daemon.receive() == "<30>Nov 22 21:17:41 Keepalived[7]: text");
}

TEST_CASE("syslog_speaks_to_a_stream_daemon_too") {
  use_utc();
  Directory directory;
  SyslogDaemon daemon(directory.log(), SOCK_STREAM);
  SyslogSink sink({3, directory.log(), 10});
  sink.write(line("text"));
  const std::string expected = "<30>Nov 22 21:17:41 Keepalived[7]: text";
  CHECK(daemon.receive_from_connection() == expected + '\0');
}

TEST_CASE("lines_wait_for_a_syslog_daemon_that_is_away_and_losses_are_told") {
  Directory directory;
  SyslogSink sink({3, directory.log(), 3});
  for (int i = 0; i < 5; ++i) sink.write(line(std::to_string(i)));
  CHECK(sink.lost() == 2);
  SyslogDaemon daemon(directory.log(), SOCK_DGRAM);
  sink.flush();
  CHECK(daemon.receive().ends_with(": 0"));
  CHECK(daemon.receive().ends_with(": 1"));
  CHECK(daemon.receive().ends_with(": 2"));
  CHECK(daemon.receive().ends_with(": 2 log lines lost"));
  CHECK(daemon.receive().empty());
}

TEST_CASE("syslog_reconnects_to_a_restarted_daemon") {
  Directory directory;
  SyslogSink sink({3, directory.log(), 10});
  {
    SyslogDaemon first(directory.log(), SOCK_DGRAM);
    sink.write(line("a"));
    CHECK(first.receive().ends_with(": a"));
  }
  sink.write(line("b"));
  SyslogDaemon second(directory.log(), SOCK_DGRAM);
  sink.write(line("c"));
  CHECK(second.receive().ends_with(": b"));
  CHECK(second.receive().ends_with(": c"));
}

TEST_CASE("syslog_daemon_that_does_not_read_costs_lines_and_no_time") {
  Directory directory;
  SyslogDaemon daemon(directory.log(), SOCK_DGRAM);
  SyslogSink sink({3, directory.log(), 5});
  for (int i = 0; i < 2000; ++i) sink.write(line("x"));
  CHECK(sink.lost() > 1000);
}
