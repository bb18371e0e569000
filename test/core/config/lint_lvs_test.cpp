#include "core/config/lint_lvs.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
const std::string kHead = " lb_algo rr\n protocol TCP\n";
std::string real(const std::string& address, const std::string& lines = "") {
  return " real_server " + address + " {\n" + lines + "\n }\n";
}
}  // namespace

TEST_CASE("protocol, scheduler and method have defaults, each with a word") {
  const Loaded loaded = load_text("virtual_server 10.0.0.1 80 {\n" + real("10.0.0.2 80") + "}\n");
  CHECK(messages(loaded).size() == 3);
  CHECK(mentions(loaded, "k.conf:1:1: warning: Virtual server [10.0.0.1]:udp:80: no protocol set - defaulting to UDP"));
  CHECK(mentions(loaded, "Virtual server [10.0.0.1]:udp:80: no scheduler set, setting default 'wlc'"));
  CHECK(mentions(loaded, "Virtual server [10.0.0.1]:udp:80: no forwarding method set, setting default NAT"));
  CHECK_FALSE(loaded.diagnostics.has(Severity::Error));
  CHECK(only_server(loaded).protocol == Protocol::Udp);
  CHECK(only_server(loaded).scheduler == "wlc");
}

TEST_CASE("families must match, unless a tunnel joins them") {
  const Loaded loaded =
      load_text("virtual_server fe80::1 80 {\n lb_kind DR\n" + kHead + real("1.1.1.1 80", "lvs_method TUN") +
                real("fe80::6 80") + real("1.1.1.7 80") + " sorry_server 1.1.1.8\n}\n");
  CHECK(
      mentions(loaded, "Address family of virtual server and real server 1.1.1.7 don't match - skipping real server."));
  CHECK(mentions(loaded, "Address family of virtual server and sorry server 1.1.1.8 don't match"));
  CHECK(only_server(loaded).real_servers.size() == 2);
  CHECK_FALSE(only_server(loaded).sorry_server);
}

TEST_CASE("without NAT the port is the service's; the check keeps the one that was written") {
  const Loaded loaded =
      load_text("virtual_server 10.0.0.1 80 {\n lb_kind DR\n" + kHead + real("10.0.0.2 8080", "TCP_CHECK {\n}") +
                real("10.0.0.3 8080", "lvs_method NAT") + " sorry_server 10.0.0.4 81\n}\n");
  CHECK(mentions(loaded,
                 "WARNING - virtual server [10.0.0.1]:tcp:80 and real server [10.0.0.2]:tcp:8080 ports don't "
                 "match - resetting"));
  CHECK(mentions(loaded, "WARNING - virtual server [10.0.0.1]:tcp:80 and sorry server ports don't match - resetting"));
  const VirtualServer server = only_server(loaded);
  CHECK(server.real_servers[0].port == 80);
  CHECK(server.real_servers[0].checks[0].endpoint.port == 8080);
  CHECK(server.real_servers[1].port == 8080);
  CHECK(server.sorry_server->port == 80);
}

TEST_CASE("quorum and hysteresis stay within the weight there is") {
  const Loaded loaded = load_text(service("quorum 100\nhysteresis 200"));
  CHECK(mentions(loaded,
                 "Warning - quorum 100 for [10.0.0.1]:tcp:80 exceeds total weight of real servers 1, reducing "
                 "quorum to 1"));
  CHECK(mentions(loaded, "Virtual server [10.0.0.1]:tcp:80: hysteresis 200 >= quorum 1; setting hysteresis to 0"));
  CHECK(only_server(loaded).quorum == 1);
  CHECK(only_server(loaded).hysteresis == 0);
  const Loaded zero = load_text(service("quorum 3", "weight 0"));
  CHECK(only_server(zero).quorum == 1);
}

TEST_CASE("servers that appear twice are one") {
  const Loaded loaded = load_text("virtual_server 10.0.0.1 80 {\n lb_kind NAT\n" + kHead + real("10.0.0.2 80") +
                                  real("10.0.0.2 81") + real("10.0.0.2 80") + "}\n");
  CHECK(mentions(
      loaded,
      "k.conf:11:2: warning: VS [10.0.0.1]:tcp:80: real server [10.0.0.2]:tcp:80 is duplicated - removing second rs"));
  CHECK(only_server(loaded).real_servers.size() == 2);
  const Loaded services = load_text(service("") + service("weight 5") + service("protocol UDP"));
  CHECK(services.config.virtual_servers.size() == 2);
  CHECK(mentions(services, "Virtual server [10.0.0.1]:tcp:80 is duplicated - ignoring the second"));
}

TEST_CASE("a service with nobody to serve it is ignored; a sorry server is somebody") {
  const Loaded none = load_text("virtual_server 10.0.0.1 80 {\n lb_kind NAT\n" + kHead + "}\n");
  CHECK(none.config.virtual_servers.empty());
  CHECK(mentions(none, "Virtual server [10.0.0.1]:tcp:80 has no real servers - ignoring"));
  const Loaded sorry =
      load_text("virtual_server 10.0.0.1 80 {\n lb_kind NAT\n" + kHead + " sorry_server 10.0.0.9\n}\n");
  CHECK(only_server(sorry).sorry_server->port == 80);
}

TEST_CASE("any port and a granularity need persistence, one packet scheduling needs UDP") {
  CHECK(mentions(load_text("virtual_server 10.0.0.1 {\n lb_kind NAT\n" + kHead + real("10.0.0.2") + "}\n"),
                 "Virtual server [10.0.0.1]:tcp:0: zero port only valid for persistent services - setting"));
  const VirtualServer fine = only_server(load_text(service("persistence_granularity 24")));
  CHECK(fine.persistence_timeout_s == 360);
  CHECK(fine.persistence_granularity == 0xffffff00U);
  const Loaded ops = load_text(service("ops"));
  CHECK(mentions(ops, "Virtual server [10.0.0.1]:tcp:80: one packet scheduling requires UDP - resetting"));
  CHECK_FALSE(only_server(ops).one_packet);
}

TEST_CASE("a mark has no protocol, no port and no address to wait for") {
  const Loaded loaded = load_text("virtual_server fwmark 5 {\n lb_kind DR\n ha_suspend\n" + kHead +
                                  real("2001:db8::1 80", "TCP_CHECK {\n}") + real("10.0.0.2") + "}\n");
  CHECK(mentions(loaded, "Warning: Virtual server FWM 5: protocol specified for fwmark - protocol will be ignored"));
  CHECK(mentions(loaded, "Virtual server FWM 5: cannot use ha_suspend with fwmarks - clearing ha_suspend"));
  CHECK(mentions(
      loaded,
      "WARNING - fwmark virtual server FWM 5, real server [2001:db8::1]:none:80 has port specified - clearing"));
  CHECK(mentions(loaded, "real server 10.0.0.2 don't match"));
  const VirtualServer server = only_server(loaded);
  CHECK(server.family == Family::IPv6);
  CHECK(server.real_servers[0].port == 0);
  CHECK(server.real_servers[0].checks[0].endpoint.port == 80);
}

TEST_CASE("a group decides family and port, wherever it stands") {
  const std::string use = "virtual_server group g {\n lb_kind DR\n" + kHead + real("10.0.0.2", "TCP_CHECK {\n}") +
                          real("fe80::2 80") + "}\n";
  const std::string group = "virtual_server_group g {\n 10.0.0.1-3 81\n fwmark 4\n}\n";
  for (const std::string& text : {use + group, group + use}) {
    const Loaded loaded = load_text(text);
    REQUIRE(only_server(loaded).real_servers.size() == 2);
    CHECK(only_server(loaded).real_servers[0].port == 81);
    CHECK(only_server(loaded).real_servers[0].checks[0].endpoint.port == 81);
  }
  const Loaded plain = load_text(use + "virtual_server_group g {\n 10.0.0.1 81\n 10.0.0.2 82\n}\n");
  CHECK(mentions(plain, "real server fe80::2 don't match"));
  CHECK(only_server(plain).real_servers[0].port == 0);
  CHECK(mentions(load_text(use), "virtual server group g is not defined - ignoring virtual server"));
  CHECK(exit_code(
            load_text("virtual_server group x {\n lb_kind NAT\n" + kHead + real("1.1.1.1 1") + "}\n").diagnostics) ==
        0);
}

TEST_CASE("smtp_alert falls back to the checker's, then the global default") {
  const auto alerts = [](const std::string& globals, const std::string& lines) {
    const VirtualServer server = only_server(load_text("global_defs {\n" + globals + "\n}\n" + service(lines)));
    return std::pair(server.smtp_alert, server.real_servers[0].smtp_alert);
  };
  CHECK(alerts("", "") == std::pair(false, true));
  CHECK(alerts("smtp_alert", "") == std::pair(true, true));
  CHECK(alerts("smtp_alert\nsmtp_alert_checker no", "") == std::pair(false, false));
  CHECK(alerts("smtp_alert_checker no", "smtp_alert") == std::pair(true, false));
}

TEST_CASE("ip_family counts for a group of marks, and is refused beside addresses of the other family") {
  const auto with = [](const std::string& entry, const std::string& real) {
    return load_text("virtual_server_group g {\n " + entry +
                     "\n}\nvirtual_server group g {\n lb_algo rr\n lb_kind NAT\n"
                     " ip_family inet6\n real_server " +
                     real + " {\n }\n}\n");
  };
  CHECK(exit_code(with("fwmark 3", "fe80::2").diagnostics) == 0);
  CHECK(only_server(with("fwmark 3", "fe80::2")).family == holdfast::Family::IPv6);
  CHECK(mentions(with("fwmark 3", "10.0.0.2 80"), "don't match - skipping real server"));
  CHECK(mentions(with("10.0.0.1 80", "10.0.0.2 80"), "ip_family is not that of the addresses of its group"));
}

TEST_CASE("marks that say their family need no warning about the protocol") {
  const auto code = [](const std::string& entry) {
    return exit_code(load_text("virtual_server_group g {\n " + entry +
                               "\n}\nvirtual_server group g {\n lb_algo rr\n"
                               " lb_kind NAT\n protocol TCP\n real_server 10.0.0.2 80 {\n }\n}\n")
                         .diagnostics);
  };
  CHECK(code("fwmark 3") == 5);
  CHECK(code("fwmark 3 inet") == 0);
}

TEST_CASE("of several digests the first counts") {
  const Loaded loaded = load_text(service("",
                                          "HTTP_GET {\n url {\n path /\n digest 9b3a0c85a887a256d6939da88aabd8cd\n"
                                          " digest 9b3a0c85a887a256d6939da88aabd8ce\n }\n}"));
  CHECK(mentions(loaded, "Digest '9b3a0c85a887a256d6939da88aabd8ce' is a duplicate - ignoring"));
  CHECK(std::get<HttpCheck>(*only_check(loaded).kind).urls.at(0).digest->back() == 0xcd);
}
