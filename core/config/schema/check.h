// The checks of a real server (behaviour.md e.3, e.4). Values with ==: equal checks are run once (checker/logic/check_pool).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/rare.h"
#include "core/base/time.h"
#include "core/config/schema/values.h"

namespace holdfast::config {

/// When a check runs, and how often it must fail to count.
struct CheckTiming {
  Duration delay_loop = seconds(60);
  Duration delay_before_retry = seconds(1);
  Duration warmup = seconds(60);    ///< the first check happens within it
  Duration deadline = seconds(20);  ///< of one whole conversation; unset = 4 x connect_timeout, at least 1 s
  std::uint32_t retry = 1;          ///< extra attempts before a failure counts
  bool alpha = false;               ///< down until the first success
  bool log_all_failures = false;
  bool operator==(const CheckTiming&) const = default;
};

/// How a check reaches its server.
struct CheckEndpoint {
  IpAddress address;       ///< connect_ip, else the real server's
  std::uint16_t port = 0;  ///< connect_port, else the real server's
  std::optional<IpAddress> bind_address;
  std::uint16_t bind_port = 0;       ///< 0 = any
  Rare<std::string> bind_interface;  ///< "" = any
  std::uint32_t fwmark = 0;          ///< 0 = none
  Duration connect_timeout = seconds(5);
  bool operator==(const CheckEndpoint&) const = default;
};

struct TcpCheck {
  bool operator==(const TcpCheck&) const = default;
};

struct PingCheck {
  bool operator==(const PingCheck&) const = default;
};

enum class HttpProtocol : std::uint8_t { V10, V10Close, V11, V11Close };  // 1.0, 1.0C, 1.1 and 1.1C

struct HttpRegex {
  std::string pattern;
  bool must_not_match = false;                 ///< regex_no_match
  std::vector<std::string> options;            ///< words of regex_options, sorted, each once
  std::size_t min_offset = 0;                  ///< octets
  std::size_t max_offset = 0;                  ///< one past the last start, octets; 0 = unlimited
  std::size_t stack_start = 0, stack_max = 0;  ///< JIT stack, octets; 0 = the library's
  bool operator==(const HttpRegex&) const = default;
};

struct HttpUrl {
  std::string path = "/";
  std::optional<std::array<std::uint8_t, 16>> digest;         ///< MD5 of the body
  std::vector<std::pair<int, int>> status_codes{{200, 299}};  ///< inclusive ranges
  std::string virtualhost;                                    ///< final; "" = the address
  std::optional<HttpRegex> regex;
  bool tls_compliant = false;
  bool operator==(const HttpUrl&) const = default;
};

struct HttpCheck {
  bool tls = false;  ///< SSL_GET
  HttpProtocol protocol = HttpProtocol::V10;
  bool enable_sni = false;
  std::string sni_name;  ///< "" = the url's virtualhost
  bool fast_recovery = false;
  bool tls_verify = false;  ///< our keyword: the certificate must be good for the name
  std::vector<HttpUrl> urls;
  bool operator==(const HttpCheck&) const = default;
};

struct SmtpCheck {
  std::string helo_name = "smtpchecker.keepalived.org";
  bool operator==(const SmtpCheck&) const = default;
};

struct DnsCheck {
  std::string type = "SOA";
  std::string name = ".";
  bool operator==(const DnsCheck&) const = default;
};

struct UdpCheck {
  std::string payload;  ///< octets
  bool require_reply = false;
  /// Octet and which of its bits must be equal (0xff, 0xf0, 0x0f or 0x00).
  std::vector<std::pair<std::uint8_t, std::uint8_t>> expected_reply;
  std::uint16_t min_reply_length = 0, max_reply_length = 255;
  bool operator==(const UdpCheck&) const = default;
};

struct MiscCheck {
  ScriptCommand command;
  Duration timeout = seconds(60);  ///< final: misc_timeout, else delay_loop
  bool dynamic = false;            ///< misc_dynamic: the exit status sets the weight
  bool operator==(const MiscCheck&) const = default;
};

struct FileCheck {
  std::string track_file;  ///< its name
  std::string path;        ///< final
  int weight = 1;          ///< -65535..65535 per unit; 0 = any non-zero number is a failure
  bool reverse = false;
  bool operator==(const FileCheck&) const = default;
};

using CheckKind = std::variant<TcpCheck, HttpCheck, SmtpCheck, DnsCheck, UdpCheck, PingCheck, MiscCheck, FileCheck>;

struct Check {
  Rare<CheckKind> kind;
  CheckTiming timing;
  CheckEndpoint endpoint;  ///< unused by MiscCheck and FileCheck
  Origin at;               ///< of the keyword (TCP_CHECK, ...)
  bool operator==(const Check&) const = default;
};

/// The root block SSL: certificates that SSL_GET shows.
struct TlsClient {
  std::string password, ca, certificate, key;  ///< paths; "" = none
  bool operator==(const TlsClient&) const = default;
};

}  // namespace holdfast::config
