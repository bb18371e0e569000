#include "checker/logic/attempt_lines.h"

#include <catch2/catch.hpp>

#include "test/checker/logic/support.h"

namespace holdfast::checker {

namespace {

const TimePoint kNow = from_us(1'000'000'000);
const AttemptNames kNames{"[10.0.0.1]:tcp:80", "[192.0.2.9]:tcp:80"};

/// The lines of the first failure of a check that was never run, which counts.
std::vector<std::string> failed(config::CheckKind kind, const Verdict& verdict) {
  config::Check check = test::tcp_check();
  check.kind = std::move(kind);
  CheckRun run(1, check);
  run.begin(0.0, kNow);
  run.start();
  const auto* misc = std::get_if<config::MiscCheck>(&*run.check().kind);
  const CheckRun::Result result =
      misc != nullptr ? run.on_script({1, ScriptOutcome::Exited, 2}, kNow) : run.on_verdict(verdict, kNow);
  return attempt_lines(run, result, kNames);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("failures are said as keepalived says them, with what was seen behind") {
  CHECK(failed(config::TcpCheck{}, {Failure::ConnectTimeout, ""}) ==
        Lines{"TCP connection to [10.0.0.1]:tcp:80 timeout.", "TCP_CHECK on service [10.0.0.1]:tcp:80 failed."});
  config::HttpCheck http;
  http.urls.emplace_back();
  CHECK(failed(http, {Failure::HttpStatus, "503"}) == Lines{"HTTP status code error to server [10.0.0.1]:tcp:80 (503).",
                                                            "HTTP_CHECK on service [10.0.0.1]:tcp:80 failed."});
  CHECK(failed(http, {Failure::HttpDigest, ""})[0] == "MD5 digest error to server [10.0.0.1]:tcp:80.");
  CHECK(failed(config::SmtpCheck{}, {Failure::SmtpBanner, "554"})[0] ==
        "Bad greeting banner from server [10.0.0.1]:tcp:80 (554).");
  CHECK(failed(config::DnsCheck{}, {Failure::ReadTimeout, ""})[0] ==
        "DNS_CHECK ([10.0.0.1]:tcp:80) read timeout from socket.");
  CHECK(failed(config::PingCheck{}, {Failure::ReadTimeout, ""}) ==
        Lines{"ICMP connection to [10.0.0.1]:tcp:80 timeout.", "ICMP CHECK on service [10.0.0.1]:tcp:80 failed."});
  CHECK(failed(config::UdpCheck{}, {Failure::UdpMismatch, ""})[0] ==
        "UDP check to [10.0.0.1]:tcp:80 reply data mismatch.");
}

TEST_CASE("a script is named with its server, its service and how it ended") {
  config::MiscCheck misc;
  misc.command.argv = {"/bin/check", "a b"};
  CHECK(failed(misc, {}) == Lines{"Misc check for [[10.0.0.1]:tcp:80 VS [192.0.2.9]:tcp:80] by [/bin/check a b] failed "
                                  "(exited with status 2)."});
}

TEST_CASE("the first success is worth a line, one that was expected is not, one after a failure is") {
  CheckRun run(1, test::tcp_check());
  run.begin(0.0, kNow);
  run.start();
  CHECK(attempt_lines(run, run.on_verdict({}, kNow), kNames) == Lines{"TCP connection to [10.0.0.1]:tcp:80 success."});
  run.start();
  CHECK(attempt_lines(run, run.on_verdict({}, kNow), kNames).empty());
  config::Check alpha = test::tcp_check();
  alpha.timing.alpha = true;
  CheckRun proving(2, alpha);
  proving.begin(0.0, kNow);
  proving.start();
  CHECK(attempt_lines(proving, proving.on_verdict({}, kNow), kNames) ==
        Lines{"TCP connection to [10.0.0.1]:tcp:80 success."});
}

}  // namespace holdfast::checker
