#include "checker/io/stream_probe.h"

#include <sys/resource.h>

#include "test/checker/io/loopback_server.h"
#include "test/checker/io/probe_runner.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::loopback_socket;
using holdfast::test::LoopbackServer;
using holdfast::test::NetworkNamespace;
using holdfast::test::ProbeRunner;
using holdfast::test::spec_for;

namespace {

/// A server that reads an HTTP request and answers.
LoopbackServer::Script answering(std::string answer) {
  return [answer](int fd) {
    if (!LoopbackServer::read_until(fd, "\r\n\r\n").empty()) LoopbackServer::write(fd, answer);
  };
}

}  // namespace

TEST_CASE("a TCP server that accepts is up, and sees an orderly end") {
  std::atomic<int> last = 99;
  LoopbackServer server([&last](int fd) {
    char octet = 0;
    last = static_cast<int>(recv(fd, &octet, 1, 0));
  });
  ProbeRunner runner;
  CHECK(runner.run(spec_for(config::TcpCheck{}, server.port())).up());
  for (int i = 0; i < 500 && last == 99; ++i) usleep(10'000);
  CHECK(last == 0);
}

TEST_CASE("a port at which nobody listens refuses") {
  std::uint16_t port = 0;
  const UniqueFd bound = loopback_socket(SOCK_STREAM, port);
  CHECK(ProbeRunner().run(spec_for(config::TcpCheck{}, port)) ==
        Verdict{Failure::ConnectRefused, "Connection refused"});
}

TEST_CASE("a server whose queue is full runs into the connect timeout") {
  std::uint16_t port = 0;
  const UniqueFd listening = loopback_socket(SOCK_STREAM, port);
  REQUIRE(listen(listening.get(), 0) == 0);
  std::vector<UniqueFd> fillers;
  const sockaddr_in address = test::loopback_address(port);
  for (int i = 0; i < 4; ++i) {
    fillers.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    (void)connect(fillers.back().get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  ProbeSpec spec = spec_for(config::TcpCheck{}, port);
  spec.endpoint.connect_timeout = milliseconds(50);
  ProbeRunner runner;
  CHECK(runner.run(spec).failure == Failure::ConnectTimeout);
  CHECK(runner.finished[0].took >= milliseconds(50));
  CHECK(runner.finished[0].took < seconds(2));
}

TEST_CASE("a network without a way is unreachable") {
  const NetworkNamespace empty;
  const NetworkNamespace::Inside inside(empty);
  ProbeRunner runner;
  CHECK(runner.run(spec_for(config::TcpCheck{}, 80, "192.0.2.1")).failure == Failure::NetworkUnreachable);
  CHECK(runner.run(spec_for(config::TcpCheck{}, 80, "2001:db8::1")).failure == Failure::NetworkUnreachable);
}

TEST_CASE("IPv6 servers are probed too") {
  const NetworkNamespace host;
  const NetworkNamespace::Inside inside(host);
  CHECK(ProbeRunner().run(spec_for(config::TcpCheck{}, 80, "::1")).failure == Failure::ConnectRefused);
}

TEST_CASE("a lack of descriptors is our error and says nothing of the server") {
  LoopbackServer server([](int) {});
  ProbeRunner runner;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{3, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  runner.probes.start(1, spec_for(config::TcpCheck{}, server.port()));
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(runner.wait_for(1));
  CHECK(runner.finished[0].verdict == Verdict{Failure::LocalError, "socket: Too many open files"});
}

TEST_CASE("an HTTP server is asked and judged") {
  LoopbackServer good(answering("HTTP/1.0 200 OK\r\n\r\nhello"));
  LoopbackServer bad(answering("HTTP/1.0 503 No\r\n\r\n"));
  ProbeRunner runner;
  HttpProbe probe;
  CHECK(runner.run(spec_for(probe, good.port())).up());
  CHECK(runner.run(spec_for(probe, bad.port())) == Verdict{Failure::HttpStatus, "503"});
  probe.url.digest = {0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76, 0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92};
  CHECK(runner.run(spec_for(probe, good.port())).up());
  probe.url.digest->at(0) = 0;
  CHECK(runner.run(spec_for(probe, good.port())) == Verdict{Failure::HttpDigest, "5d41402abc4b2a76b9719d911017c592"});
}

TEST_CASE("an SMTP server is greeted and left") {
  std::string heard;
  LoopbackServer server([&heard](int fd) {
    LoopbackServer::write(fd, "220 hi\r\n");
    heard = LoopbackServer::read_until(fd, "\r\n");
    LoopbackServer::write(fd, "250 hi\r\n");
    heard += LoopbackServer::read_until(fd, "\r\n");
  });
  CHECK(ProbeRunner().run(spec_for(config::SmtpCheck{}, server.port())).up());
  for (int i = 0; i < 100 && heard.find("QUIT") == std::string::npos; ++i) usleep(10'000);
  CHECK(heard == "HELO smtpchecker.keepalived.org\r\nQUIT\r\n");
}

TEST_CASE("a server that resets, closes or says nothing is told apart") {
  LoopbackServer resetting([](int fd) {
    LoopbackServer::read_until(fd, "\r\n\r\n");
    LoopbackServer::write(fd, "HTTP/1.0 200 OK\r\n\r\nhel");
    LoopbackServer::reset(fd);
  });
  LoopbackServer closing([](int fd) { LoopbackServer::read_until(fd, "\r\n\r\n"); });
  LoopbackServer silent([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  ProbeRunner runner;
  CHECK(runner.run(spec_for(HttpProbe{}, resetting.port())).failure == Failure::ConnectionReset);
  CHECK(runner.run(spec_for(HttpProbe{}, closing.port())).failure == Failure::NoData);
  ProbeSpec spec = spec_for(HttpProbe{}, silent.port());
  spec.endpoint.connect_timeout = milliseconds(50);
  CHECK(runner.run(spec) == Verdict{Failure::ReadTimeout, "no header"});
}

TEST_CASE("a server that trickles meets the deadline of the whole") {
  LoopbackServer trickling([](int fd) {
    LoopbackServer::read_until(fd, "\r\n\r\n");
    LoopbackServer::write(fd, "HTTP/1.0 200 OK\r\n\r\n");
    while (LoopbackServer::write(fd, "x")) usleep(5'000);
  });
  ProbeSpec spec = spec_for(HttpProbe{}, trickling.port());
  spec.endpoint.connect_timeout = milliseconds(100);
  spec.deadline = milliseconds(300);
  ProbeRunner runner;
  CHECK(runner.run(spec).failure == Failure::DeadlineExceeded);
  CHECK(runner.finished[0].took >= milliseconds(300));
}

TEST_CASE("a server that sends without end is cut") {
  LoopbackServer endless([](int fd) {
    LoopbackServer::read_until(fd, "\r\n\r\n");
    LoopbackServer::write(fd, "HTTP/1.0 200 OK\r\n\r\n");
    const std::string piece(1 << 16, 'x');
    while (LoopbackServer::write(fd, piece)) {
    }
  });
  CHECK(ProbeRunner().run(spec_for(HttpProbe{}, endless.port())) == Verdict{Failure::TooMuchData, "body"});
}

TEST_CASE("a fixed source port can be used again at once") {
  std::uint16_t own = 0;
  loopback_socket(SOCK_STREAM, own).reset();
  LoopbackServer server([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  ProbeSpec spec = spec_for(config::TcpCheck{}, server.port());
  spec.endpoint.bind_port = own;
  ProbeRunner runner;
  for (int i = 0; i < 20; ++i) REQUIRE(runner.run(spec) == Verdict{});
}
