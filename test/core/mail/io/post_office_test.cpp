// Core's side of mail with real mailers: this very program, told to run one hidden test case. The mail server is a thread.
#include "core/mail/io/post_office.h"

#include <arpa/inet.h>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "core/mail/io/mailer.h"
#include "core/runtime/clock.h"
#include "core/runtime/signals.h"

using namespace holdfast;
using namespace holdfast::mail;

TEST_CASE("acts as the mailer", "[.]") {
  run_mailer(UniqueFd(3));
}

namespace {

/// Answers as a mail server does, or not at all.
class Server {
 public:
  explicit Server(bool silent = false) : silent_(silent) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(fd_, 8) == 0);
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ended_ = true;
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  int connections() const { return connections_; }

  std::uint16_t port = 0;

 private:
  void serve() {
    while (!ended_) {
      const int connection = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      ++connections_;
      if (silent_)
        while (!ended_) usleep(1000);
      else
        talk(connection);
      close(connection);
    }
  }
  void talk(int connection) {
    say(connection, "220 hi\r\n");
    bool text = false;
    std::string line;
    for (char c = 0; read(connection, &c, 1) == 1;) {
      line += c;
      if (c != '\n') continue;
      {
        const std::lock_guard lock(mutex_);
        heard_ += line;
      }
      if (text && line != ".\r\n") {
        line.clear();
        continue;
      }
      text = line == "DATA\r\n";
      say(connection, text ? "354 go\r\n" : line == "QUIT\r\n" ? "221 bye\r\n" : "250 ok\r\n");
      line.clear();
    }
  }
  static void say(int connection, const std::string& what) {
    CHECK(send(connection, what.data(), what.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(what.size()));
  }

  bool silent_;
  int fd_ = -1;
  std::atomic<bool> ended_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::string heard_;
  std::thread thread_;
};

struct Lines : Logger {
  std::string all;
  void log(Level, std::string text) override { all += text + "\n"; }
  bool has(const std::string& part) const { return all.find(part) != std::string::npos; }
};

struct Bench {
  EventLoop loop;
  Lines lines;
  PostOffice office{loop, lines, {"mail_io_test", "acts as the mailer"}, {500, 50, milliseconds(50)}};
  config::GlobalDefs globals;
  /// An end may come when nothing else does, and no signal tells it here.
  DeadlineTimer tick{loop, [this] { tick.arm(now() + milliseconds(5)); }};

  explicit Bench(std::uint16_t port) {
    ignore_sigpipe();
    globals.router_id = "RID";
    globals.mail.recipients = {"a@x.org", "Bob <b@y.org>"};
    globals.mail.from = "Me <me@x.org>";
    globals.mail.server = "127.0.0.1";
    globals.mail.port = port;
    globals.mail.helo_name = "us";
    globals.mail.connect_timeout = seconds(10);
    office.configure(globals);
    tick.arm(now());
  }
  void post(const std::string& subject) {
    proto::Alert alert;
    alert.set_subject(subject);
    alert.set_body("=> body <=");
    alert.set_time_us(1'000'000);
    office.post(alert);
  }
  bool wait(const std::function<bool()>& done, Duration limit = seconds(20)) {
    return loop.run_until(
        [&] {
          for (const Exit& exit : reap_children()) office.on_exit(exit);
          return done();
        },
        now() + limit);
  }
  bool wait_empty() {
    return wait([this] { return office.outbox().empty(); });
  }
};

}  // namespace

TEST_CASE("what is posted is handed in, in order, with the name of this machine") {
  Server server;
  Bench b(server.port);
  b.post("one");
  b.post("two");
  b.post("three");
  REQUIRE(b.wait_empty());
  const std::string heard = server.heard();
  CHECK(heard.starts_with("HELO us\r\nMAIL FROM:<me@x.org>\r\nRCPT TO:<a@x.org>\r\nRCPT TO:<b@y.org>\r\nDATA\r\n"));
  CHECK(heard.find("From: Me <me@x.org>\r\nSubject: [RID] one\r\n") != std::string::npos);
  CHECK(heard.find("To: a@x.org, Bob <b@y.org>\r\n\r\n=> body <=\r\n\r\n.\r\n") != std::string::npos);
  CHECK(heard.find("[RID] two") < heard.find("[RID] three"));
  CHECK(b.lines.has("Remote SMTP server [127.0.0.1]:" + std::to_string(server.port) + " connected."));
  CHECK(b.lines.has("SMTP alert successfully sent.\nSMTP alert successfully sent.\n"));
}

TEST_CASE("without a server or a recipient nothing is kept") {
  Bench b(1);
  b.globals.mail.recipients.clear();
  b.office.configure(b.globals);
  b.post("one");
  CHECK(b.office.outbox().empty());
}

TEST_CASE("what is no address is said and passed over") {
  Server server;
  Bench b(server.port);
  b.globals.mail.recipients = {"Bob <", "a@x.org"};
  b.globals.mail.from = "<>";
  b.office.configure(b.globals);
  CHECK(b.lines.has("notification_email: 'Bob <' is no mail address - ignoring"));
  CHECK(b.lines.has("notification_email_from: '<>' is no mail address - ignoring"));
  b.post("one");
  REQUIRE(b.wait_empty());
  CHECK(server.heard().find("MAIL FROM:<>") == std::string::npos);
  CHECK(server.heard().find("RCPT TO:<a@x.org>\r\nDATA") != std::string::npos);
}

TEST_CASE("a server that refuses the connection is tried twice and named") {
  std::uint16_t port = 0;
  { port = Server().port; }
  Bench b(port);
  b.post("one");
  REQUIRE(b.wait_empty());
  const std::string place = "[127.0.0.1]:" + std::to_string(port);
  CHECK(b.lines.has("Error connecting SMTP server " + place + "."));
  CHECK(b.lines.has("\"[RID] one\" could not be sent, given up: SMTP server 127.0.0.1 port " + std::to_string(port) +
                    ", connecting: " + place + ": Connection refused"));
}

TEST_CASE("a server that says nothing costs the time of a step, a mailer that hangs is killed") {
  Server server(true);
  Bench b(server.port);
  b.globals.mail.connect_timeout = milliseconds(200);
  b.office.configure(b.globals);
  b.post("one");
  REQUIRE(b.wait([&] { return b.lines.has("greeting: no answer in time"); }));
  REQUIRE(b.wait([&] { return server.connections() >= 1 && b.office.outbox().at_work(); }));
  REQUIRE(b.wait_empty());
  CHECK(b.lines.has("given up: SMTP server 127.0.0.1"));
}

TEST_CASE("the end waits for the last mails, but not for long") {
  Server good, silent(true);
  Bench b(good.port);
  bool done = false;
  b.office.finish(seconds(20), [&done] { done = true; });
  REQUIRE(b.wait([&done] { return done; }));
  b.post("one");
  done = false;
  b.office.finish(seconds(20), [&done] { done = true; });
  REQUIRE(b.wait([&done] { return done; }));
  CHECK(b.lines.has("SMTP alert successfully sent."));
  Bench c(silent.port);
  c.post("one");
  done = false;
  c.office.finish(milliseconds(100), [&done] { done = true; });
  REQUIRE(c.wait([&done] { return done; }));
  CHECK(c.lines.has("1 SMTP alert was not sent: the daemon ends"));
}

TEST_CASE("the end of somebody else's child is none of ours") {
  Bench b(1);
  CHECK_FALSE(b.office.on_exit({1234, false, 0}));
}

TEST_CASE("a date is as mails want it") {
  CHECK(setenv("TZ", "UTC0", 1) == 0);
  tzset();
  CHECK(mail_date(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
}
