#include "core/config/schema/check.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("a network check reaches the real server unless it says another way") {
  const Check plain = only_check(load_text(service("", "TCP_CHECK {\n}")));
  CHECK(plain.endpoint.address.text() == "10.0.0.2");
  CHECK(plain.endpoint.port == 80);
  CHECK(plain.at.line == 7);
  const Check full = only_check(
      load_text(service("",
                        "PING_CHECK {\n connect_ip 10.9.9.9\n connect_port 81\n bindto 10.8.8.8\n bind_port 7\n"
                        " bind_if eth5\n fwmark 4294967295\n connect_timeout 1.5\n}")));
  CHECK(std::holds_alternative<PingCheck>(*full.kind));
  CHECK(full.endpoint == CheckEndpoint{*IpAddress::parse("10.9.9.9"), 81, IpAddress::parse("10.8.8.8"), 7,
                                       std::string("eth5"), 4294967295U, milliseconds(1500)});
}

TEST_CASE("ranges of a check's values are those of keepalived") {
  for (const char* line :
       {"connect_port 0", "connect_timeout 0", "connect_timeout 5000", "retry -1", "retry 5000000000",
        "fwmark 4294967296", "warmup x", "bind_port 70000", "delay_loop 0", "alpha maybe", "log_all_failures maybe",
        "bind_if abcdefghijklmnop", "nb_get_retry 3", "check_deadline 0"}) {
    INFO(line);
    CHECK(exit_code(load_text(service("", std::string("TCP_CHECK {\n") + line + "\n}")).diagnostics) == 5);
  }
}

TEST_CASE("SMTP_CHECK takes its lines also from the older host block") {
  const Loaded loaded = load_text(
      service("", "SMTP_CHECK {\n helo_name me\n host {\n connect_ip 10.0.0.9\n connect_port 25\n }\n retry 5\n}"));
  CHECK(messages(loaded).empty());
  const Check check = only_check(loaded);
  CHECK(std::get<SmtpCheck>(*check.kind).helo_name == "me");
  CHECK(check.endpoint.address.text() == "10.0.0.9");
  CHECK(check.endpoint.port == 25);
  CHECK(check.timing.retry == 5);
  CHECK(mentions(load_text(service("", "SMTP_CHECK {\n helo_name\n}")), "SMTP_CHECK helo name missing"));
}
