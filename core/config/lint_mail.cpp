#include "core/config/lint_mail.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/config/block_lines.h"

namespace holdfast::config {

namespace {

constexpr std::array<std::string_view, 3> kBlocks{"global_defs", "vrrp_instance", "vrrp_sync_group"};
constexpr std::array<std::string_view, 3> kAlerts{"smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker"};

}  // namespace

void lint_mail(const Tree& tree, Context& context) {
  const MailSettings& mail = context.config.global_defs.mail;
  if (mail.possible()) return;
  for (const Node& root : tree.roots) {
    if (root.words.empty() || std::ranges::find(kBlocks, root.words.front()) == kBlocks.end()) continue;
    const BlockLines lines(root);
    for (const std::string_view keyword : kAlerts) {
      if (!lines.boolean(keyword).value_or(false)) continue;
      const char* missing = mail.server.empty() ? "smtp_server" : "notification_email";
      return context.diagnostics.advise(lines.at(keyword), fmt::format("no mail is sent: there is no {}", missing),
                                        "smtp_server and notification_email in global_defs");
    }
  }
}

}  // namespace holdfast::config
