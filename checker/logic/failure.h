// Every way in which a check can fail, and its words for the log (log_lines.md 4).
#pragma once

#include <cstdint>
#include <string_view>

namespace holdfast::checker {

enum class Failure : std::uint8_t {
  None,
  // reaching the server
  ConnectRefused,
  ConnectTimeout,
  NetworkUnreachable,
  ConnectFailed,  ///< any other reason; the detail says which
  LocalError,     ///< ours: no descriptor, no port, cannot bind; says nothing of the server
  // TLS
  TlsHandshake,
  TlsAlert,
  TlsCertificate,
  // talking to it
  ReadTimeout,
  DeadlineExceeded,  ///< every step was in time, the whole was not
  ConnectionReset,
  ClosedEarly,
  NoData,
  TooMuchData,  ///< body or header past our limit
  SendFailed,
  // HTTP
  HttpMalformed,
  HttpStatus,
  HttpDigest,
  HttpRegex,
  // SMTP
  SmtpBanner,
  SmtpHelo,
  SmtpMalformed,
  // DNS
  DnsMalformed,
  DnsRcode,
  // UDP
  UdpRefused,
  UdpMismatch,
  UdpLength,
  // scripts and files
  ScriptStatus,
  ScriptSignal,
  ScriptTimeout,
  ScriptNotStarted,
  FileValue,
};

/// One lower-case word with dashes, stable: for status and JSON.
std::string_view failure_word(Failure failure);

}  // namespace holdfast::checker
