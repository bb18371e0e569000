#include "checker/io/datagram_probe.h"

#include <thread>

#include "test/checker/io/loopback_server.h"
#include "test/checker/io/probe_runner.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::loopback_socket;
using holdfast::test::ProbeRunner;
using holdfast::test::spec_for;

namespace {

/// Answers each datagram with what `script` makes of it; nothing when that is "".
class UdpServer {
 public:
  explicit UdpServer(std::function<std::string(std::string)> script) : fd_(loopback_socket(SOCK_DGRAM, port_)) {
    thread_ = std::thread([this, script = std::move(script)] {
      std::string buffer(4096, '\0');
      sockaddr_in peer{};
      for (;;) {
        socklen_t size = sizeof peer;
        const ssize_t got =
            recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
        if (stop_ || got < 0) return;
        const std::string answer = script(buffer.substr(0, static_cast<std::size_t>(got)));
        if (answer.empty()) continue;
        sendto(fd_.get(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
      }
    });
  }
  ~UdpServer() {
    stop_ = true;
    const UniqueFd waker(socket(AF_INET, SOCK_DGRAM, 0));
    const sockaddr_in self = test::loopback_address(port_);
    sendto(waker.get(), "x", 1, 0, reinterpret_cast<const sockaddr*>(&self), sizeof self);
    thread_.join();
  }
  UdpServer(const UdpServer&) = delete;
  UdpServer& operator=(const UdpServer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  UniqueFd fd_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

ProbeSpec quick(ProbeKind kind, std::uint16_t port) {
  ProbeSpec spec = spec_for(std::move(kind), port);
  spec.endpoint.connect_timeout = milliseconds(100);
  return spec;
}

}  // namespace

TEST_CASE("a name server that answers is up, one that refuses the question is not") {
  UdpServer good([](std::string query) {
    query[2] = '\x81';
    query[3] = '\x80';
    return query;
  });
  UdpServer failing([](std::string query) {
    query[2] = '\x81';
    query[3] = '\x82';
    return query;
  });
  ProbeRunner runner;
  CHECK(runner.run(spec_for(config::DnsCheck{}, good.port())).up());
  CHECK(runner.run(spec_for(config::DnsCheck{}, failing.port())) == Verdict{Failure::DnsRcode, "rcode 2"});
}

TEST_CASE("an answer with another id is not waited upon") {
  UdpServer confused([](std::string query) {
    query[0] = static_cast<char>(query[0] ^ 1);
    query[2] = '\x81';
    return query;
  });
  CHECK(ProbeRunner().run(quick(config::DnsCheck{}, confused.port())).failure == Failure::ReadTimeout);
}

TEST_CASE("a UDP port at which nobody listens refuses by ICMP") {
  std::uint16_t port = 0;
  loopback_socket(SOCK_DGRAM, port).reset();
  ProbeRunner runner;
  CHECK(runner.run(spec_for(config::UdpCheck{}, port)).failure == Failure::UdpRefused);
  CHECK(runner.run(spec_for(config::DnsCheck{}, port)).failure == Failure::ConnectRefused);
}

TEST_CASE("a silent UDP server is up unless it should answer") {
  UdpServer silent([](const std::string&) { return std::string(); });
  config::UdpCheck check;
  ProbeRunner runner;
  CHECK(runner.run(quick(check, silent.port())).up());
  CHECK(runner.finished[0].took >= milliseconds(100));
  check.require_reply = true;
  CHECK(runner.run(quick(check, silent.port())).failure == Failure::ReadTimeout);
}

TEST_CASE("a UDP server gets the payload, and its answer is judged") {
  UdpServer echo([](std::string datagram) { return datagram + "!"; });
  config::UdpCheck check;
  check.payload = "ab";
  check.require_reply = true;
  check.expected_reply = {{'a', 0xff}, {'b', 0xff}, {'!', 0xff}};
  ProbeRunner runner;
  CHECK(runner.run(spec_for(check, echo.port())).up());
  check.expected_reply[2].first = '?';
  CHECK(runner.run(spec_for(check, echo.port())).failure == Failure::UdpMismatch);
}

TEST_CASE("an empty datagram is a datagram") {
  std::atomic<bool> asked = false;
  UdpServer server([&asked](const std::string& datagram) {
    asked = datagram.empty();
    return std::string("here");
  });
  CHECK(ProbeRunner().run(spec_for(config::UdpCheck{}, server.port())).up());
  CHECK(asked);
}
