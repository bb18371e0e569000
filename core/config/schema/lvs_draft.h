// Virtual servers while they are read: what was said, before the defaults of the levels above make it final (behaviour.md
// e.1, e.3). Used by the schemas of virtual_server, real_server and the checks, by lint_lvs and by write(); gone when the
// block of the virtual server is closed.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/config/schema/virtual_server.h"

namespace holdfast::config {

/// What virtual_server, real_server and check can all say. The check's word counts before the real server's, that before
/// the virtual server's, that before the default of the check's kind.
struct GivenTiming {
  std::optional<Duration> delay_loop, delay_before_retry, warmup, connect_timeout, deadline;
  std::optional<std::uint32_t> retry;
};

struct CheckDraft : GivenTiming {
  std::optional<bool> alpha, log_all_failures;
  std::optional<IpAddress> connect_ip, bind_address;
  std::optional<std::uint16_t> connect_port, bind_port;
  std::string bind_interface;
  std::optional<std::uint32_t> fwmark;
  Location at;
};

struct TcpDraft : CheckDraft {};
struct PingDraft : CheckDraft {};
struct SmtpDraft : CheckDraft, SmtpCheck {};
struct DnsDraft : CheckDraft, DnsCheck {};
struct UdpDraft : CheckDraft, UdpCheck {};

struct HttpUrlDraft : HttpUrl {
  bool path_given = false;
  std::optional<bool> given_tls_compliant;
  HttpRegex given_regex;  ///< used when it has a pattern
  Location at, regex_at;  ///< regex_at: the first regex_* line; line 0 = none
};
struct HttpDraft : CheckDraft, HttpCheck {
  std::string virtualhost;
  bool tls_compliant = false;
  std::vector<HttpUrlDraft> url_drafts;
};

struct MiscDraft : CheckDraft {
  ScriptCommand command;
  Duration timeout = Duration::zero();  ///< 0 = delay_loop
  bool dynamic = false;
};

struct FileDraft : CheckDraft {
  std::string track_file;
  Location track_file_at;
  std::optional<int> weight;
  bool reverse = false;
};

struct BfdDraft : CheckDraft {
  std::string name;
  Location name_at;
  bool too_many_names = false;  ///< in one line
};

using AnyCheckDraft = std::variant<TcpDraft, PingDraft, SmtpDraft, DnsDraft, UdpDraft, HttpDraft, MiscDraft, FileDraft>;

struct RealServerDraft : RealServer, GivenTiming {
  std::optional<int> given_weight;
  std::optional<ForwardingMethod> given_method;
  std::optional<bool> given_inhibit, given_alpha, given_smtp_alert;
  std::vector<AnyCheckDraft> drafts;
  std::vector<std::string> bfd_names;  ///< of its BFD_CHECKs so far
};

struct VirtualServerDraft : VirtualServer, GivenTiming {
  std::optional<Family> given_family;  ///< ip_family, or of the first address of a fwmark's server
  std::optional<Protocol> given_protocol;
  std::string given_scheduler;  ///< "" = none
  std::optional<ForwardingMethod> given_method, given_sorry_method;
  std::optional<bool> given_smtp_alert;
  bool inhibit_on_failure = false;
  int weight = 1;
  std::vector<RealServerDraft> drafts;
};

/// A FILE_CHECK waits for its track_file, which may stand anywhere.
struct PendingFileCheck {
  std::size_t server = 0, real = 0, check = 0;  ///< indices in Config::virtual_servers and below
  bool weight_given = false;
  Location at;  ///< of the name
};

/// A BFD_CHECK waits for its bfd_instance.
struct PendingBfdCheck {
  std::string real_server, name;
  Location at;
};

}  // namespace holdfast::config
