// The checks that need no more than what all share, or a line or two: TCP, PING, SMTP (behaviour.md e.4).
#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

/// The older nested form: its lines are those of SMTP_CHECK itself.
void read_host(SmtpDraft& draft, const Node& node, Context& context) {
  read_lines(smtp_host_schema(), node.children, draft, context);
}

}  // namespace

const Schema<TcpDraft>& tcp_check_schema() {
  static const Schema<TcpDraft> schema{"TCP_CHECK", "Up while a connection can be made.", endpoint_rows<TcpDraft>()};
  return schema;
}

const Schema<PingDraft>& ping_check_schema() {
  static const Schema<PingDraft> schema{"PING_CHECK", "Up while the address answers ICMP echo.",
                                        endpoint_rows<PingDraft>()};
  return schema;
}

const Schema<SmtpDraft>& smtp_host_schema() {
  static const Schema<SmtpDraft> schema{"host", "Older nested form of SMTP_CHECK's lines.", endpoint_rows<SmtpDraft>()};
  return schema;
}

const Schema<SmtpDraft>& smtp_check_schema() {
  static const Schema<SmtpDraft> schema = [] {
    std::vector<Row<SmtpDraft>> rows = endpoint_rows<SmtpDraft>();
    rows.push_back(field<SmtpDraft>("helo_name", &SmtpCheck::helo_name, Text{"SMTP_CHECK helo name"},
                                    "Name said in HELO.", "1.1.8"));
    rows.push_back(
        as_block(special<SmtpDraft>("host", "a block", read_host, {}, "Older nested form of these lines.", "1.1.8")));
    return Schema<SmtpDraft>{"SMTP_CHECK", "Up while a mail server greets and answers HELO.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
