#include "core/config/schema/virtual_server.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("a virtual server says all that the kernel can") {
  const VirtualServer server = only_server(load_text(
      service("lvs_sched sh\nsh-port\nsh-fallback\nflag-3\nhashed\npersistence_engine sip\npersistence_timeout\n"
              "persistence_granularity 255.255.255.0\nprotocol UDP\nops\nlvs_method DR")));
  CHECK(server.scheduler == "sh");
  CHECK(server.scheduler_flags == 7);
  CHECK(server.hashed);
  CHECK(server.one_packet);
  CHECK(*server.persistence_engine == "sip");
  CHECK(server.persistence_timeout_s == 360);
  CHECK(server.persistence_granularity == 0xffffff00U);
  CHECK(server.protocol == Protocol::Udp);
  CHECK(server.method.kind == Forwarding::DirectRoute);
}

TEST_CASE("and all that the checker needs") {
  const VirtualServer server = only_server(load_text(
      service("ha_suspend\nalpha\nomega\nquorum 1\nhysteresis 0\nquorum_up \"/up a\" u g\nquorum_up /second\n"
              "quorum_down /down\nsorry_server 10.0.0.9 81\nsorry_server_inhibit\nsorry_server_lvs_method NAT\n"
              "snmp_name s\nsmtp_alert")));
  CHECK(server.ha_suspend);
  CHECK(server.alpha);
  CHECK(server.omega);
  CHECK(*server.quorum_up == ScriptCommand{{"/up", "a"}, "u", "g"});
  CHECK(server.quorum_down->argv == std::vector<std::string>{"/down"});
  REQUIRE(server.sorry_server);
  CHECK(server.sorry_server->port == 81);
  CHECK(server.sorry_server_inhibit);
  CHECK(server.smtp_alert);
}

TEST_CASE("flags of one scheduler need its line, wherever it stands") {
  CHECK(mentions(load_text(service("sh-port")), "sh-port only applies to sh scheduler - ignoring"));
  CHECK(only_server(load_text(service("lb_algo mh\nmh-port"))).scheduler_flags == 2);
  CHECK(
      only_server(load_text("virtual_server 10.0.0.1 80 {\n mh-port\n lb_algo mh\n real_server 10.0.0.2 80 {\n }\n}\n"))
          .scheduler_flags == 2);
}

TEST_CASE("what messages call servers") {
  VirtualServer server;
  server.address = IpAddress::parse("fe80::1");
  server.port = 443;
  server.protocol = Protocol::Sctp;
  CHECK(describe(server) == "[fe80::1]:sctp:443");
  RealServer real;
  real.address = *IpAddress::parse("10.0.0.2");
  CHECK(describe(real, server) == "[10.0.0.2]:sctp:0");
  server.fwmark = 3;
  CHECK(describe(server) == "FWM 3");
  CHECK(describe(real, server) == "[10.0.0.2]:none:0");
}

TEST_CASE("what 2.2.7 takes in silence is taken with a warning") {
  for (const char* line : {"persistence_granularity 33", "weight 70000", "alpha foo", "omega foo"}) {
    INFO(line);
    const Loaded loaded = load_text(service(line));
    CHECK(loaded.diagnostics.has(Severity::Warning));
    CHECK(exit_code(loaded.diagnostics) == 0);
  }
  CHECK_FALSE(only_server(load_text(service("persistence_granularity 33"))).persistence_granularity);
}

TEST_CASE("the flag hashed is one of the scheduler sh") {
  CHECK(mentions(load_text(service("hashed")), "hashed only applies to sh scheduler - ignoring"));
  CHECK(only_server(load_text(service("lb_algo sh\nhashed"))).hashed);
}

TEST_CASE("wrong values of a virtual server are reported in keepalived's words") {
  const auto says = [](const std::string& line, const std::string& text) {
    INFO(line);
    const Loaded loaded = load_text(service(line));
    CHECK(mentions(loaded, text));
    CHECK(exit_code(loaded.diagnostics) == 5);
  };
  says("lb_algo foo", "Invalid lvs_scheduler 'foo' - ignoring");
  says("protocol tcp", "Unknown protocol tcp - ignoring");
  says("persistence_timeout 0", "number '0' outside range [1, 2678400]");
  says("persistence_granularity foo", "Invalid IPv4 persistence_granularity specified - foo");
  says("ip_family foo", "unknown address family foo");
  says("ip_family inet6", "Virtual server specified family inet6 conflicts with server family");
  says("sorry_server foo", "Invalid sorry server IP address foo - skipping");
  says("persistence_engine abcdefghijklmnopq", "persistence_name too long, truncating - abcdefghijklmnopq");
  says("quorum 0", "number '0' outside range");
  says("hysteresis -1", "invalid number '-1'");
  says("weight 0", "number '0' outside range [1, 65535]");
  says("retry 0", "number '0' outside range");
  says("real_server foo 80 {\n}", "Invalid real server ip address/port foo/80 - skipping");
  says("real_server 1.1.1.1 80000 {\n}", "number '80000' outside range [1, 65535]");
  says("quorum_up /a\nquorum_up /b", "quorum_up script already specified - ignoring /b");
}
