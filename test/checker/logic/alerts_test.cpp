#include "checker/logic/alerts.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

CheckRun run_of(config::CheckKind kind) {
  config::Check check = test::tcp_check();
  check.kind = std::move(kind);
  return CheckRun(1, check);
}

/// After a failed first attempt, which counts at once.
std::string failed(config::CheckKind kind, Failure failure) {
  CheckRun run = run_of(std::move(kind));
  run.on_verdict({failure, ""}, TimePoint{} + seconds(1));
  CHECK_FALSE(run.up());
  return check_alert_body(run, "[10.0.0.1]:tcp:25");
}

std::string succeeded(config::CheckKind kind) {
  return check_alert_body(run_of(std::move(kind)), "[10.0.0.1]:tcp:25");
}

}  // namespace

TEST_CASE("each kind of check has keepalived's words") {
  CHECK(succeeded(config::TcpCheck{}) == "=> TCP CHECK succeed on service <=");
  CHECK(failed(config::TcpCheck{}, Failure::ConnectRefused) == "=> TCP CHECK failed on service <=");
  CHECK(succeeded(config::UdpCheck{}) == "=> UDP CHECK succeed on service <=");
  CHECK(failed(config::UdpCheck{}, Failure::UdpRefused) == "=> UDP CHECK failed on service <=");
  CHECK(succeeded(config::PingCheck{}) == "=> ICMP CHECK succeed on service <=");
  CHECK(failed(config::PingCheck{}, Failure::ReadTimeout) == "=> ICMP CHECK failed on service <=");
  CHECK(succeeded(config::DnsCheck{}) == "=> DNS_CHECK: succeed on service <=");
  CHECK(failed(config::DnsCheck{}, Failure::DnsRcode) == "=> DNS_CHECK: failed on service <=");
  CHECK(succeeded(config::HttpCheck{}) == "=> CHECK succeed on service <=");
  CHECK(failed(config::HttpCheck{}, Failure::HttpStatus) == "=> CHECK failed on service : HTTP request failed <=");
  CHECK(succeeded(config::SmtpCheck{}) == "=> CHECK succeed on service <=");
  CHECK(failed(config::SmtpCheck{}, Failure::SmtpHelo) ==
        "=> CHECK failed on service : Bad HELO response from server [10.0.0.1]:tcp:25 <=");
  CHECK(succeeded(config::MiscCheck{}) == "=> MISC CHECK succeeded on service <=");
  CHECK(failed(config::MiscCheck{}, Failure::ScriptStatus) == "=> MISC CHECK failed on service <=");
  CHECK(failed(config::MiscCheck{}, Failure::ScriptTimeout) == "=> MISC CHECK timed out on service <=");
}

TEST_CASE("subjects name server and service") {
  CHECK(server_alert("R", "V", true, "b") == SendAlert{"Realserver R of virtual server V - UP", "b"});
  CHECK(server_alert("R", "V", false, "b").subject == "Realserver R of virtual server V - DOWN");
  CHECK(service_alert("V", true, "b") == SendAlert{"Virtualserver V - UP", "b"});
  CHECK(service_alert("V", false, "b").subject == "Virtualserver V - DOWN");
}

}  // namespace holdfast::checker
