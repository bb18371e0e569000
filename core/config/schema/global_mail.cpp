#include "core/config/schema/global_mail.h"

#include "core/base/text.h"
#include "core/config/schema/vrrp_instance_lists.h"

namespace holdfast::config {

namespace {

using G = GlobalDefs;

/// A line with an angle bracket is one recipient, `Name <address>`; else each word of it is one, as in keepalived.
void add_recipients(const Node& line, std::vector<std::string>& recipients) {
  const std::string whole = join(line.words, " ");
  if (whole.find('<') != std::string::npos)
    recipients.push_back(whole);
  else
    recipients.insert(recipients.end(), line.words.begin(), line.words.end());
}

void read_notification_email(G& globals, const Node& node, Context& context) {
  if (node.children.empty()) context.diagnostics.warning(node.at, "Warning - empty notification_email block");
  for (const Node& line : node.children) add_recipients(line, globals.mail.recipients);
}

void write_notification_email(const G& globals, std::vector<Node>& lines) {
  if (globals.mail.recipients.empty()) return;
  lines.push_back(word_list("notification_email", globals.mail.recipients));
}

void read_smtp_server(G& globals, const Node& node, Context& context) {
  const std::string* server =
      mandatory_word(node, 1, "an address or host name, then perhaps a port", context.diagnostics);
  if (server == nullptr) return;
  if (node.words.size() > 2) {
    const auto port = parse_integer(node, 2, 1, 65535, context.diagnostics);
    if (!port) return;
    globals.mail.port = static_cast<std::uint16_t>(*port);
  }
  globals.mail.server = *server;
  remark_surplus(node, 3, context.diagnostics);
}

void write_smtp_server(const G& globals, std::vector<Node>& lines) {
  if (globals.mail.server.empty()) return;
  lines.push_back(made_node("smtp_server", {globals.mail.server, std::to_string(globals.mail.port)}));
}

void set_timeout(G& globals, Duration timeout) {
  globals.mail.connect_timeout = timeout == Duration::zero() ? seconds(1) : timeout;  // 0 is stored as 1
}

}  // namespace

std::vector<Row<GlobalDefs>> global_mail_rows() {
  const WordList sender{"a mail address", 1, 100};
  return {
      inside<G>(
          "notification_email_from", sender,
          [](G& g, const std::vector<std::string>& words) { g.mail.from = join(words, " "); },
          [](const G& g) {
            return g.mail.from.empty() ? std::nullopt : std::optional(std::vector<std::string>{g.mail.from});
          },
          "Sender of mails: an address, or `Name <address>`.", "0.5.3"),
      special<G>("smtp_server", "an address or host name, then perhaps a port", read_smtp_server, write_smtp_server,
                 "Where mails are handed in.", "0.5.3"),
      inside<G>(
          "smtp_helo_name", Word{"a host name"}, [](G& g, const std::string& name) { g.mail.helo_name = name; },
          [](const G& g) { return g.mail.helo_name.empty() ? std::nullopt : std::optional(g.mail.helo_name); },
          "Name given to the mail server.", "1.2.20"),
      inside<G>(
          "smtp_connect_timeout", Seconds{Duration::zero(), seconds(4294), 0}, set_timeout,
          [](const G& g) { return std::optional(g.mail.connect_timeout); },
          "Seconds to wait for the mail server, at each step.", "0.5.3"),
      as_block(special<G>("notification_email", "a block of mail addresses", read_notification_email,
                          write_notification_email, "Who gets mails.", "0.5.3")),
      field<G>("smtp_alert", &G::smtp_alert, Boolean{}, "Default of every smtp_alert.", "2.0.0"),
      field<G>("smtp_alert_vrrp", &G::smtp_alert_vrrp, Boolean{}, "Default of smtp_alert of instances and groups.",
               "2.0.0"),
      field<G>("smtp_alert_checker", &G::smtp_alert_checker, Boolean{},
               "Default of smtp_alert of virtual and real servers.", "2.0.0"),
      field<G>("no_email_faults", &G::no_email_faults, Flag{}, "No mail when an instance or a group faults.", "2.0.0"),
      field<G>("no_checker_emails", &G::no_checker_emails, Boolean{},
               "No mail for each check, only when a real server is added or removed.", "2.0.0"),
  };
}

}  // namespace holdfast::config
