#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("a real server says its weight, method, limits and scripts, or takes the service's") {
  const RealServer plain = only_real(load_text(service("weight 7\ninhibit_on_failure\nalpha\nvirtualhost v")));
  CHECK(plain.weight == 7);
  CHECK(plain.inhibit_on_failure);
  CHECK(plain.alpha);
  CHECK(plain.smtp_alert);
  CHECK(*plain.virtualhost == "v");
  CHECK(plain.at.line == 6);
  const RealServer full = only_real(load_text(
      service("weight 7\nalpha\ninhibit_on_failure",
              "weight 0\nlvs_method TUN\nuthreshold 9\nlthreshold 4294967295\ninhibit_on_failure no\nalpha no\n"
              "notify_up \"/u a\" me\nnotify_down /d\nsmtp_alert no\nvirtualhost r\nsnmp_name s")));
  CHECK(full.weight == 0);
  CHECK(full.method.kind == Forwarding::Tunnel);
  CHECK(full.upper_threshold == 9);
  CHECK(full.lower_threshold == 4294967295U);
  CHECK_FALSE(full.inhibit_on_failure);
  CHECK_FALSE(full.alpha);
  CHECK_FALSE(full.smtp_alert);
  CHECK(*full.notify_up == ScriptCommand{{"/u", "a"}, "me", ""});
  CHECK(full.notify_down->argv == std::vector<std::string>{"/d"});
  CHECK(*full.snmp_name == "s");
}

TEST_CASE("a port that is not given is the service's") {
  const Loaded loaded = load_text(
      "virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 {\nTCP_CHECK {\n}\n}\n"
      "real_server 10.0.0.3 0 {\n}\n}\n");
  CHECK(messages(loaded).empty());
  CHECK(only_server(loaded).real_servers[0].port == 80);
  CHECK(only_server(loaded).real_servers[0].checks[0].endpoint.port == 80);
  CHECK(only_server(loaded).real_servers[1].port == 80);
}

TEST_CASE("wrong values of a real server are reported and keep the defaults") {
  for (const char* line : {"weight -1", "weight 99999999999", "uthreshold x", "retry 0", "delay_loop 0",
                           "connect_timeout 0", "smtp_alert x", "virtualhost", "lvs_method foo", "unknown 1"}) {
    INFO(line);
    const Loaded loaded = load_text(service("", line));
    CHECK(exit_code(loaded.diagnostics) == 5);
    CHECK(only_real(loaded).weight == 1);
  }
}
