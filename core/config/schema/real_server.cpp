// real_server: its own lines, and the blocks of its checks.
#include <algorithm>

#include "core/config/lint_checks.h"
#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using R = RealServerDraft;

template <class D>
void keep(R& server, D&& draft) {
  server.drafts.emplace_back(std::forward<D>(draft));
}

/// Whether a check has what it cannot do without; what is missing is reported.
template <class D>
bool complete(const D&, const Node&, Context&) {
  return true;
}
bool complete(const HttpDraft& draft, const Node& node, Context& context) {
  if (!draft.url_drafts.empty()) return true;
  context.diagnostics.error(node.at, "HTTP/SSL_GET checker has no urls specified - ignoring", "a block url");
  return false;
}
bool complete(const UdpDraft& draft, const Node& node, Context& context) {
  if (draft.min_reply_length > draft.max_reply_length) {
    context.diagnostics.warning(node.at,
                                fmt::format("UDP_CHECK min_reply length {} > max_reply_length {} - will always fail",
                                            draft.min_reply_length, draft.max_reply_length));
  }
  return true;
}
bool complete(const MiscDraft& draft, const Node& node, Context& context) {
  if (!draft.command.argv.empty()) return true;
  context.diagnostics.error(node.at, "No script path has been specified for MISC_CHECKER - skipping",
                            "a line misc_path");
  return false;
}
bool complete(const FileDraft& draft, const Node& node, Context& context) {
  if (!draft.track_file.empty()) return true;
  context.diagnostics.error(node.at, "FILE_CHECK has no track_file specified - ignoring", "a line track_file");
  return false;
}

template <class D, const Schema<D>& (*schema)(), bool tls>
void read_check(R& server, const Node& node, Context& context) {
  D draft;
  draft.at = node.at;
  if constexpr (std::is_same_v<D, HttpDraft>) draft.tls = tls;
  read_lines(schema(), node.children, draft, context);
  constexpr bool connects = !std::is_same_v<D, MiscDraft> && !std::is_same_v<D, FileDraft>;
  if (!complete(draft, node, context)) return;
  if (connects && !lint_endpoint(draft, node, server.address, context)) return;
  keep(server, std::move(draft));
}

void read_bfd(R& server, const Node& node, Context& context) {
  BfdDraft draft;
  read_lines(bfd_check_schema(), node.children, draft, context);
  const std::string name = fmt::format("[{}]:{}", server.address.text(), server.port);
  if (draft.name.empty()) {
    context.diagnostics.error(node.at, fmt::format("({}) No name has been specified for BFD_CHECKER - skipping", name),
                              "a line `name`");
  } else if (draft.too_many_names) {
    context.diagnostics.error(node.at, fmt::format("({}) BFD_CHECK has a name of more than one word - skipping", name),
                              "one name; a BFD_CHECK for each session");
  } else if (std::find(server.bfd_names.begin(), server.bfd_names.end(), draft.name) != server.bfd_names.end()) {
    context.diagnostics.error(node.at,
                              fmt::format("({}) BFD_CHECK is the second for session {} - skipping", name, draft.name),
                              "each session once");
  } else {
    server.bfd_names.push_back(draft.name);
    context.bfd_checks.push_back({name, std::move(draft.name), draft.name_at});
  }
}

struct KeywordOf {
  std::string_view operator()(const TcpDraft&) const { return "TCP_CHECK"; }
  std::string_view operator()(const PingDraft&) const { return "PING_CHECK"; }
  std::string_view operator()(const SmtpDraft&) const { return "SMTP_CHECK"; }
  std::string_view operator()(const DnsDraft&) const { return "DNS_CHECK"; }
  std::string_view operator()(const UdpDraft&) const { return "UDP_CHECK"; }
  std::string_view operator()(const HttpDraft& http) const { return http.tls ? "SSL_GET" : "HTTP_GET"; }
  std::string_view operator()(const MiscDraft&) const { return "MISC_CHECK"; }
  std::string_view operator()(const FileDraft&) const { return "FILE_CHECK"; }
};

struct LinesOf {
  std::vector<Node> operator()(const TcpDraft& draft) const { return write_lines(tcp_check_schema(), draft); }
  std::vector<Node> operator()(const PingDraft& draft) const { return write_lines(ping_check_schema(), draft); }
  std::vector<Node> operator()(const SmtpDraft& draft) const { return write_lines(smtp_check_schema(), draft); }
  std::vector<Node> operator()(const DnsDraft& draft) const { return write_lines(dns_check_schema(), draft); }
  std::vector<Node> operator()(const UdpDraft& draft) const { return write_lines(udp_check_schema(), draft); }
  std::vector<Node> operator()(const HttpDraft& draft) const {
    return write_lines(draft.tls ? ssl_get_schema() : http_get_schema(), draft);
  }
  std::vector<Node> operator()(const MiscDraft& draft) const { return write_lines(misc_check_schema(), draft); }
  std::vector<Node> operator()(const FileDraft& draft) const { return write_lines(file_check_schema(), draft); }
};

/// All checks in their order, whatever their kinds: one row writes them for all.
void write_checks(const R& server, std::vector<Node>& lines) {
  for (const AnyCheckDraft& draft : server.drafts) {
    Node node = made_node(std::string(std::visit(KeywordOf{}, draft)));
    node.block = true;
    node.at = std::visit([](const CheckDraft& check) { return check.at; }, draft);
    node.children = std::visit(LinesOf{}, draft);
    lines.push_back(std::move(node));
  }
}

template <class D, const Schema<D>& (*schema)(), bool tls = false>
Row<R> check(std::string keyword, std::string since) {
  auto write = keyword == "TCP_CHECK" ? write_checks : std::function<void(const R&, std::vector<Node>&)>();
  return as_block(special<R>(std::move(keyword), "a block", read_check<D, schema, tls>, std::move(write),
                             schema().doc(), std::move(since)));
}

std::vector<Row<R>> own_rows() {
  using S = RealServer;
  return {
      field<R>("weight", &R::given_weight, ServerWeight{0}, "Share of the connections.", "0.5.3"),
      field<R>("lvs_method", &R::given_method, Forwards{}, "How packets reach it; by default the service's.", "1.3.6"),
      field<R>("uthreshold", &S::upper_threshold, Integer{0, kMostUnsigned}, "Most connections; 0 = any number.",
               "1.1.13"),
      field<R>("lthreshold", &S::lower_threshold, Integer{0, kMostUnsigned},
               "Connections below which it takes new ones again.", "1.1.13"),
      field<R>("inhibit_on_failure", &R::given_inhibit, Boolean{}, "Weight 0 instead of removal.", "0.6.8"),
      field<R>("notify_up", &S::notify_up, Script{}, "Run when it becomes healthy.", "1.0.0"),
      field<R>("notify_down", &S::notify_down, Script{}, "Run when it fails.", "1.0.0"),
      field<R>("alpha", &R::given_alpha, Boolean{}, "Down until its checks succeed.", "1.3.7"),
      field<R>("smtp_alert", &R::given_smtp_alert, Boolean{}, "Mail its changes.", "2.0.0"),
      field<R>("virtualhost", &S::virtualhost, Text{"real server virtualhost"}, "Default of its checks' virtualhost.",
               "1.3.6"),
      not_yet(field<R>("snmp_name", &S::snmp_name, Text{"real server snmp_name"}, "Its name in SNMP.", "2.2.3")),
  };
}

}  // namespace

const Schema<RealServerDraft>& real_server_schema() {
  static const Schema<R> schema = [] {
    std::vector<Row<R>> rows = own_rows();
    append(rows, timing_rows<R>(1, "1.3.7"));
    append(rows, network_timing_rows<R>());
    append<R>(
        rows,
        {
            check<TcpDraft, tcp_check_schema>("TCP_CHECK", "0.5.3"),
            check<HttpDraft, http_get_schema>("HTTP_GET", "0.5.3"),
            check<HttpDraft, ssl_get_schema, true>("SSL_GET", "0.5.3"),
            check<SmtpDraft, smtp_check_schema>("SMTP_CHECK", "1.1.8"),
            check<DnsDraft, dns_check_schema>("DNS_CHECK", "1.3.0"),
            check<UdpDraft, udp_check_schema>("UDP_CHECK", "2.1.0"),
            check<PingDraft, ping_check_schema>("PING_CHECK", "2.1.0"),
            check<MiscDraft, misc_check_schema>("MISC_CHECK", "0.5.3"),
            check<FileDraft, file_check_schema>("FILE_CHECK", "2.1.0"),
            as_block(not_yet(special<R>("BFD_CHECK", "a block", read_bfd, {}, "Up while a BFD session is.", "2.0.0"))),
        });
    return Schema<R>{"real_server", "A server that takes a share of the connections.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
