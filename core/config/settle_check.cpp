#include "core/config/settle_check.h"

#include <algorithm>

namespace holdfast::config {

namespace {

constexpr int kDeadlineSteps = 4;  // connect, TLS, request, answer: each may take connect_timeout
constexpr Duration kLeastDeadline = seconds(1);

/// keywords.tsv, column default.
struct KindDefaults {
  std::uint32_t retry = 1;
  std::optional<Duration> delay_before_retry = seconds(1);  ///< unset = delay_loop
};

KindDefaults defaults_of(const AnyCheckDraft& draft) {
  if (std::holds_alternative<HttpDraft>(draft)) return {1, seconds(3)};
  if (std::holds_alternative<DnsDraft>(draft)) return {3, std::nullopt};
  if (std::holds_alternative<MiscDraft>(draft)) return {0, seconds(1)};
  return {};
}

class Settling {
 public:
  Settling(const CheckDraft& check, const RealServerDraft& real, const VirtualServerDraft& server,
           const GlobalDefs& globals)
      : check_(check), real_(real), server_(server), globals_(globals) {}

  CheckTiming timing(const KindDefaults& defaults) const {
    CheckTiming timing;
    timing.delay_loop = given(&GivenTiming::delay_loop).value_or(seconds(60));
    timing.delay_before_retry =
        given(&GivenTiming::delay_before_retry).value_or(defaults.delay_before_retry.value_or(timing.delay_loop));
    timing.warmup = given(&GivenTiming::warmup).value_or(timing.delay_loop);
    timing.retry = given(&GivenTiming::retry).value_or(defaults.retry);
    timing.alpha = check_.alpha.value_or(real_.alpha);
    timing.log_all_failures = check_.log_all_failures.value_or(globals_.checker_log_all_failures);
    timing.deadline = Duration::zero();
    return timing;
  }

  CheckEndpoint endpoint() const {
    CheckEndpoint endpoint;
    endpoint.address = check_.connect_ip.value_or(real_.address);
    endpoint.port = check_.connect_port.value_or(real_.port);
    endpoint.bind_address = check_.bind_address;
    endpoint.bind_port = check_.bind_port.value_or(0);
    endpoint.bind_interface = check_.bind_interface;
    endpoint.fwmark = check_.fwmark.value_or(0);
    endpoint.connect_timeout = given(&GivenTiming::connect_timeout).value_or(seconds(5));
    return endpoint;
  }

  Duration deadline(Duration connect_timeout) const {
    if (const auto own = given(&GivenTiming::deadline)) return *own;
    return globals_.check_deadline.value_or(std::max(kDeadlineSteps * connect_timeout, kLeastDeadline));
  }

 private:
  template <class T>
  std::optional<T> given(std::optional<T> GivenTiming::*member) const {
    if (check_.*member) return check_.*member;
    return real_.*member ? real_.*member : server_.*member;
  }

  const CheckDraft& check_;
  const RealServerDraft& real_;
  const VirtualServerDraft& server_;
  const GlobalDefs& globals_;
};

HttpCheck settle_http(HttpDraft&& draft, const RealServerDraft& real) {
  HttpCheck http = std::move(static_cast<HttpCheck&>(draft));
  const std::string& fallback = draft.virtualhost.empty() ? *real.virtualhost : draft.virtualhost;
  http.urls.reserve(draft.url_drafts.size());
  for (HttpUrlDraft& url : draft.url_drafts) {
    if (url.virtualhost.empty()) url.virtualhost = fallback;
    url.tls_compliant = url.given_tls_compliant.value_or(draft.tls_compliant);
    http.urls.push_back(std::move(static_cast<HttpUrl&>(url)));
  }
  return http;
}

struct Kind {
  const RealServerDraft& real;
  const CheckTiming& timing;

  CheckKind operator()(TcpDraft&) const { return TcpCheck{}; }
  CheckKind operator()(PingDraft&) const { return PingCheck{}; }
  CheckKind operator()(SmtpDraft& draft) const { return std::move(static_cast<SmtpCheck&>(draft)); }
  CheckKind operator()(DnsDraft& draft) const { return std::move(static_cast<DnsCheck&>(draft)); }
  CheckKind operator()(UdpDraft& draft) const { return std::move(static_cast<UdpCheck&>(draft)); }
  CheckKind operator()(HttpDraft& draft) const { return settle_http(std::move(draft), real); }
  CheckKind operator()(MiscDraft& draft) const {
    return MiscCheck{std::move(draft.command), draft.timeout > Duration::zero() ? draft.timeout : timing.delay_loop,
                     draft.dynamic};
  }
  CheckKind operator()(FileDraft& draft) const {
    return FileCheck{std::move(draft.track_file), {}, draft.weight.value_or(1), draft.reverse};
  }
};

bool uses_network(const CheckKind& kind) {
  return !std::holds_alternative<MiscCheck>(kind) && !std::holds_alternative<FileCheck>(kind);
}

CheckDraft common_draft(const Check& check) {
  CheckDraft draft;
  draft.at = check.at;
  draft.alpha = check.timing.alpha;
  if (std::holds_alternative<FileCheck>(*check.kind)) return draft;
  draft.delay_loop = check.timing.delay_loop;
  draft.delay_before_retry = check.timing.delay_before_retry;
  draft.warmup = check.timing.warmup;
  draft.retry = check.timing.retry;
  draft.log_all_failures = check.timing.log_all_failures;
  if (!uses_network(check.kind)) return draft;
  draft.deadline = check.timing.deadline;
  draft.connect_ip = check.endpoint.address;
  if (check.endpoint.port != 0) draft.connect_port = check.endpoint.port;
  draft.bind_address = check.endpoint.bind_address;
  if (check.endpoint.bind_port != 0) draft.bind_port = check.endpoint.bind_port;
  draft.bind_interface = check.endpoint.bind_interface;
  draft.fwmark = check.endpoint.fwmark;
  draft.connect_timeout = check.endpoint.connect_timeout;
  return draft;
}

struct DraftOf {
  const Check& check;

  AnyCheckDraft operator()(const TcpCheck&) const { return TcpDraft{common_draft(check)}; }
  AnyCheckDraft operator()(const PingCheck&) const { return PingDraft{common_draft(check)}; }
  AnyCheckDraft operator()(const SmtpCheck& smtp) const { return SmtpDraft{common_draft(check), smtp}; }
  AnyCheckDraft operator()(const DnsCheck& dns) const { return DnsDraft{common_draft(check), dns}; }
  AnyCheckDraft operator()(const UdpCheck& udp) const { return UdpDraft{common_draft(check), udp}; }
  AnyCheckDraft operator()(const HttpCheck& http) const {
    HttpDraft draft{common_draft(check), http, {}, false, {}};
    for (const HttpUrl& url : http.urls) {
      HttpUrlDraft& made = draft.url_drafts.emplace_back();
      static_cast<HttpUrl&>(made) = url;
      if (http.tls) made.given_tls_compliant = url.tls_compliant;
    }
    draft.urls.clear();
    return draft;
  }
  AnyCheckDraft operator()(const MiscCheck& misc) const {
    const Duration timeout = misc.timeout == check.timing.delay_loop ? Duration::zero() : misc.timeout;
    return MiscDraft{common_draft(check), misc.command, timeout, misc.dynamic};
  }
  AnyCheckDraft operator()(const FileCheck& file) const {
    return FileDraft{common_draft(check), file.track_file, {}, file.weight, file.reverse};
  }
};

}  // namespace

Check settle_check(AnyCheckDraft&& draft, const RealServerDraft& real, const VirtualServerDraft& server,
                   const GlobalDefs& globals) {
  const CheckDraft& common = std::visit([](const CheckDraft& base) -> const CheckDraft& { return base; }, draft);
  const Settling settling(common, real, server, globals);
  Check check;
  check.at = common.at;
  check.timing = settling.timing(defaults_of(draft));
  const CheckEndpoint endpoint = settling.endpoint();
  check.kind = std::visit(Kind{real, check.timing}, draft);
  if (std::holds_alternative<FileCheck>(*check.kind)) {
    const bool alpha = check.timing.alpha;
    check.timing = {};  // it waits for changes, nothing is timed
    check.timing.alpha = alpha;
  } else if (uses_network(check.kind)) {
    check.endpoint = endpoint;
    check.timing.deadline = settling.deadline(endpoint.connect_timeout);
  }
  return check;
}

AnyCheckDraft draft_of(const Check& check) {
  return std::visit(DraftOf{check}, *check.kind);
}

}  // namespace holdfast::config
