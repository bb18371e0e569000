#include "checker/io/echo_socket.h"

#include "test/checker/io/probe_runner.h"
#include "test/core/netlink/network_namespace.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::NetworkNamespace;
using holdfast::test::ProbeRunner;
using holdfast::test::spec_for;

TEST_CASE("a host that answers pings is up, over both families") {
  const NetworkNamespace host;
  const NetworkNamespace::Inside inside(host);
  ProbeRunner runner;
  CHECK(runner.run(spec_for(config::PingCheck{}, 0, "127.0.0.1")).up());
  CHECK(runner.run(spec_for(config::PingCheck{}, 0, "::1")).up());
  ProbeSpec bound = spec_for(config::PingCheck{}, 0, "127.0.0.1");
  bound.endpoint.bind_address = IpAddress::parse("127.0.0.9");
  bound.endpoint.bind_interface = "lo";
  bound.endpoint.bind_port = 9;
  CHECK(runner.run(bound).up());
}

TEST_CASE("a host that does not answer pings is down, one without a way unreachable") {
  const NetworkNamespace host;
  const NetworkNamespace::Inside inside(host);
  NetworkNamespace::run("echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all");
  ProbeRunner runner;
  ProbeSpec spec = spec_for(config::PingCheck{}, 0, "127.0.0.1");
  spec.endpoint.connect_timeout = milliseconds(50);
  CHECK(runner.run(spec) == Verdict{Failure::ReadTimeout, "no echo reply"});
  CHECK(runner.run(spec_for(config::PingCheck{}, 0, "192.0.2.1")).failure == Failure::NetworkUnreachable);
}

TEST_CASE("many pings at once each get their own answer") {
  const NetworkNamespace host;
  const NetworkNamespace::Inside inside(host);
  ProbeRunner runner;
  for (std::uint64_t id = 0; id < 200; ++id) runner.probes.start(id, spec_for(config::PingCheck{}, 0, "127.0.0.1"));
  runner.probes.cancel(7);
  REQUIRE(runner.wait_for(199));
  for (const ProbeFinished& finished : runner.finished) {
    CHECK(finished.verdict.up());
    CHECK(finished.id != 7);
  }
}
