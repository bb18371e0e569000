#include "checker/logic/failure.h"

namespace holdfast::checker {

std::string_view failure_word(Failure failure) {
  switch (failure) {
    case Failure::None:
      return "none";
    case Failure::ConnectRefused:
      return "connect-refused";
    case Failure::ConnectTimeout:
      return "connect-timeout";
    case Failure::NetworkUnreachable:
      return "network-unreachable";
    case Failure::ConnectFailed:
      return "connect-failed";
    case Failure::LocalError:
      return "local-error";
    case Failure::TlsHandshake:
      return "tls-handshake";
    case Failure::TlsAlert:
      return "tls-alert";
    case Failure::TlsCertificate:
      return "tls-certificate";
    case Failure::ReadTimeout:
      return "read-timeout";
    case Failure::DeadlineExceeded:
      return "deadline-exceeded";
    case Failure::ConnectionReset:
      return "connection-reset";
    case Failure::ClosedEarly:
      return "closed-early";
    case Failure::NoData:
      return "no-data";
    case Failure::TooMuchData:
      return "too-much-data";
    case Failure::SendFailed:
      return "send-failed";
    case Failure::HttpMalformed:
      return "http-malformed";
    case Failure::HttpStatus:
      return "http-status";
    case Failure::HttpDigest:
      return "http-digest";
    case Failure::HttpRegex:
      return "http-regex";
    case Failure::SmtpBanner:
      return "smtp-banner";
    case Failure::SmtpHelo:
      return "smtp-helo";
    case Failure::SmtpMalformed:
      return "smtp-malformed";
    case Failure::DnsMalformed:
      return "dns-malformed";
    case Failure::DnsRcode:
      return "dns-rcode";
    case Failure::UdpRefused:
      return "udp-refused";
    case Failure::UdpMismatch:
      return "udp-mismatch";
    case Failure::UdpLength:
      return "udp-length";
    case Failure::ScriptStatus:
      return "script-status";
    case Failure::ScriptSignal:
      return "script-signal";
    case Failure::ScriptTimeout:
      return "script-timeout";
    case Failure::ScriptNotStarted:
      return "script-not-started";
    case Failure::FileValue:
      return "file-value";
  }
  return "unknown";
}

}  // namespace holdfast::checker
