#include "checker/logic/attempt_lines.h"

#include <fmt/format.h>
#include <string_view>

#include "core/base/text.h"

namespace holdfast::checker {

namespace {

std::string after(std::uint32_t retries) {
  if (retries == 0) return {};
  return fmt::format(" after {} {}", retries, retries == 1 ? "retry" : "retries");
}

std::string with_detail(std::string text, const Verdict& verdict) {
  return verdict.detail.empty() ? text + "." : fmt::format("{} ({}).", text, verdict.detail);
}

std::string_view http_reason(Failure failure) {
  switch (failure) {
    case Failure::ConnectTimeout:
      return "Timeout connecting";
    case Failure::NetworkUnreachable:
      return "HTTP/SSL_CHECK - network unreachable";
    case Failure::TlsHandshake:
    case Failure::TlsAlert:
    case Failure::TlsCertificate:
      return "SSL handshake/communication error connecting to";
    case Failure::ReadTimeout:
      return "Timeout HTTP read";
    case Failure::DeadlineExceeded:
      return "Timeout WEB read";
    case Failure::ConnectionReset:
    case Failure::ClosedEarly:
    case Failure::TooMuchData:
    case Failure::HttpMalformed:
      return "Read error with";
    case Failure::NoData:
      return "Read, no data received from";
    case Failure::SendFailed:
      return "Cannot send get request to";
    case Failure::HttpStatus:
      return "HTTP status code error to";
    case Failure::HttpDigest:
      return "MD5 digest error to";
    case Failure::HttpRegex:
      return "Regex match failed";
    default:
      return "Error connecting";
  }
}

bool timed_out(Failure failure) {
  return failure == Failure::ConnectTimeout || failure == Failure::ReadTimeout || failure == Failure::DeadlineExceeded;
}

/// How this attempt failed.
struct FailedAttempt {
  const AttemptNames& names;
  const Verdict& verdict;

  std::string operator()(const config::TcpCheck&) const {
    return with_detail(
        fmt::format("TCP connection to {} {}", names.server, timed_out(verdict.failure) ? "timeout" : "failed"),
        verdict);
  }
  std::string operator()(const config::HttpCheck&) const {
    return with_detail(fmt::format("{} server {}", http_reason(verdict.failure), names.server), verdict);
  }
  std::string operator()(const config::SmtpCheck&) const {
    return with_detail(fmt::format("{} {}", smtp_reason(verdict.failure), names.server), verdict);
  }
  std::string operator()(const config::DnsCheck&) const {
    const char* text = "connection error";
    if (timed_out(verdict.failure)) text = "read timeout from socket";
    if (verdict.failure == Failure::DnsRcode || verdict.failure == Failure::DnsMalformed) text = "error occurred";
    return with_detail(fmt::format("DNS_CHECK ({}) {}", names.server, text), verdict);
  }
  std::string operator()(const config::UdpCheck&) const {
    if (verdict.failure == Failure::UdpMismatch || verdict.failure == Failure::UdpLength)
      return with_detail(fmt::format("UDP check to {} reply data mismatch", names.server), verdict);
    return with_detail(fmt::format("UDP connection to {} failed", names.server), verdict);
  }
  std::string operator()(const config::PingCheck&) const {
    return with_detail(
        fmt::format("ICMP connection to {} {}", names.server, timed_out(verdict.failure) ? "timeout" : "failed"),
        verdict);
  }
  std::string operator()(const config::MiscCheck&) const { return {}; }
  std::string operator()(const config::FileCheck& file) const {
    return fmt::format("File check of {} for {}: {}", file.path, names.server, verdict.detail);
  }
};

std::string final_failure(const CheckRun& check, const CheckRun::Result& result, const AttemptNames& names) {
  const config::CheckKind& kind = *check.check().kind;
  if (const auto* misc = std::get_if<config::MiscCheck>(&kind)) {
    const char* word = check.last().failure == Failure::ScriptTimeout ? "timed out" : "failed";
    const std::string detail =
        check.last().failure == Failure::ScriptTimeout ? "" : fmt::format(" ({})", check.last().detail);
    return fmt::format("Misc check for [{} VS {}] by [{}] {}{}{}.", names.server, names.service,
                       join(misc->command.argv, " "), word, after(result.retries), detail);
  }
  if (std::holds_alternative<config::FileCheck>(kind)) return {};
  std::string_view word = keyword_of(check.check());
  if (std::holds_alternative<config::HttpCheck>(kind)) word = "HTTP_CHECK";
  if (std::holds_alternative<config::PingCheck>(kind)) word = "ICMP CHECK";
  return fmt::format("{} on service {} failed{}.", word, names.server, after(result.retries));
}

struct Success {
  const AttemptNames& names;

  std::string operator()(const config::TcpCheck&) const {
    return fmt::format("TCP connection to {} success.", names.server);
  }
  std::string operator()(const config::HttpCheck&) const {
    return fmt::format("Remote Web server {} succeed on service.", names.server);
  }
  std::string operator()(const config::SmtpCheck&) const {
    return fmt::format("Remote SMTP server {} succeed on service.", names.server);
  }
  std::string operator()(const config::DnsCheck&) const { return fmt::format("DNS_CHECK ({}) success.", names.server); }
  std::string operator()(const config::UdpCheck&) const {
    return fmt::format("UDP connection to {} success.", names.server);
  }
  std::string operator()(const config::PingCheck&) const {
    return fmt::format("ICMP connection to {} success.", names.server);
  }
  std::string operator()(const config::MiscCheck& misc) const {
    return fmt::format("Misc check for [{} VS {}] by [{}] succeeded.", names.server, names.service,
                       join(misc.command.argv, " "));
  }
  std::string operator()(const config::FileCheck& file) const {
    return fmt::format("File check of {} for {} succeeded.", file.path, names.server);
  }
};

}  // namespace

std::string_view smtp_reason(Failure failure) {
  switch (failure) {
    case Failure::ConnectRefused:
    case Failure::ConnectFailed:
      return "Error connecting to server";
    case Failure::ConnectTimeout:
      return "Connection timeout to server";
    case Failure::NetworkUnreachable:
      return "Network unreachable for server";
    case Failure::SmtpBanner:
    case Failure::SmtpMalformed:
      return "Bad greeting banner from server";
    case Failure::SmtpHelo:
      return "Bad HELO response from server";
    case Failure::ReadTimeout:
    case Failure::DeadlineExceeded:
      return "Read timeout from server";
    default:
      return "Could not connect to server";
  }
}

const char* keyword_of(const config::Check& check) {
  struct Word {
    const char* operator()(const config::TcpCheck&) const { return "TCP_CHECK"; }
    const char* operator()(const config::HttpCheck& http) const { return http.tls ? "SSL_GET" : "HTTP_GET"; }
    const char* operator()(const config::SmtpCheck&) const { return "SMTP_CHECK"; }
    const char* operator()(const config::DnsCheck&) const { return "DNS_CHECK"; }
    const char* operator()(const config::UdpCheck&) const { return "UDP_CHECK"; }
    const char* operator()(const config::PingCheck&) const { return "PING_CHECK"; }
    const char* operator()(const config::MiscCheck&) const { return "MISC_CHECK"; }
    const char* operator()(const config::FileCheck&) const { return "FILE_CHECK"; }
  };
  return std::visit(Word{}, *check.kind);
}

std::vector<std::string> attempt_lines(const CheckRun& check, const CheckRun::Result& result,
                                       const AttemptNames& names) {
  std::vector<std::string> lines;
  if (!result.transition) return lines;
  if (!result.passed_url.empty()) {
    lines.push_back(fmt::format("HTTP status code success to {} url({}).", names.server, result.passed_url));
  } else if (check.last().up()) {
    lines.push_back(std::visit(Success{names}, *check.check().kind));
  } else {
    if (result.final || check.check().timing.log_all_failures) {
      std::string how = std::visit(FailedAttempt{names, check.last()}, *check.check().kind);
      if (!how.empty()) lines.push_back(std::move(how));
    }
    std::string counts = result.final ? final_failure(check, result, names) : std::string();
    if (!counts.empty()) lines.push_back(std::move(counts));
  }
  return lines;
}

}  // namespace holdfast::checker
