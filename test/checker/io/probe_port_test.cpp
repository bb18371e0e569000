#include "checker/io/probe_port.h"

#include "test/checker/io/loopback_server.h"
#include "test/checker/io/probe_runner.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::LoopbackServer;
using holdfast::test::ProbeRunner;
using holdfast::test::spec_for;

TEST_CASE("a cancelled probe is never heard of again") {
  LoopbackServer silent([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  ProbeRunner runner;
  ProbeSpec slow = spec_for(HttpProbe{}, silent.port());
  slow.endpoint.connect_timeout = milliseconds(50);
  std::uint16_t closed = 0;
  test::loopback_socket(SOCK_STREAM, closed).reset();
  runner.probes.start(1, slow);
  runner.probes.start(2, spec_for(config::TcpCheck{}, closed));  // clear at once
  runner.probes.start(3, slow);
  runner.probes.cancel(1);
  runner.probes.cancel(2);
  runner.probes.cancel(99);
  REQUIRE(runner.wait_for(1));
  CHECK(runner.finished.size() == 1);
  CHECK(runner.finished[0].id == 3);
  CHECK(runner.probes.running() == 0);
}

TEST_CASE("an id may be used again as soon as it is free") {
  LoopbackServer silent([](int fd) { LoopbackServer::wait_for_client_to_leave(fd); });
  ProbeRunner runner;
  ProbeSpec slow = spec_for(HttpProbe{}, silent.port());
  slow.endpoint.connect_timeout = milliseconds(60);
  runner.probes.start(1, slow);
  runner.probes.cancel(1);
  runner.probes.start(1, slow);
  REQUIRE(runner.wait_for(1));
  CHECK(runner.finished[0].took >= milliseconds(60));
}

TEST_CASE("a sink may start and cancel probes") {
  LoopbackServer server([](int) {});
  EventLoop loop;
  int runs = 0;
  Probes* probes = nullptr;
  Probes port(loop, [&](const Event& event) {
    const auto& finished = std::get<ProbeFinished>(event);
    CHECK(finished.verdict.up());
    probes->cancel(2);
    if (++runs < 50) probes->start(finished.id, spec_for(config::TcpCheck{}, server.port()));
  });
  probes = &port;
  port.start(1, spec_for(config::TcpCheck{}, server.port()));
  port.start(2, spec_for(config::TcpCheck{}, server.port()));
  CHECK(loop.run_until([&runs] { return runs >= 50; }, loop.now() + seconds(20)));
  CHECK(port.running() == 0);
}

TEST_CASE("many probes time out in the order of their deadlines") {
  std::uint16_t port = 0;
  const UniqueFd listening = test::loopback_socket(SOCK_STREAM, port);
  REQUIRE(listen(listening.get(), 200) == 0);
  ProbeRunner runner;
  for (std::uint64_t id = 0; id < 100; ++id) {
    ProbeSpec spec = spec_for(HttpProbe{}, port);
    spec.endpoint.connect_timeout = milliseconds(200 - static_cast<std::int64_t>(id));
    runner.probes.start(id, spec);
  }
  REQUIRE(runner.wait_for(100));
  for (const ProbeFinished& finished : runner.finished) {
    CHECK(finished.verdict.failure == Failure::ReadTimeout);
    CHECK(finished.took >= milliseconds(200 - static_cast<std::int64_t>(finished.id)));
  }
}

TEST_CASE("certificates that cannot be read name their file") {
  ProbeRunner runner;
  const Status status = runner.probes.use_certificates({"", "/nonexistent/ca.pem", "", ""});
  REQUIRE_FALSE(status);
  CHECK(status.error().message.starts_with("/nonexistent/ca.pem: "));
}
