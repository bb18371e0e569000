#include "core/config/lint_mail.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

Loaded with(const std::string& globals, const std::string& lines) {
  return load_text("global_defs {\n" + globals + "\n}\n" + instance(lines));
}

const std::string kServer = "smtp_server 10.0.0.1\n";
const std::string kRecipients = "notification_email {\n a@b\n}\n";

}  // namespace

TEST_CASE("smtp_alert where no mail can be sent is said once, and changes no exit code") {
  const Loaded loaded = with("smtp_alert", "smtp_alert");
  CHECK(messages(loaded).size() == 1);
  CHECK(mentions(loaded, "k.conf:2:1: warning: no mail is sent: there is no smtp_server"));
  CHECK(exit_code(loaded.diagnostics) == 0);
  CHECK(mentions(with(kServer, "smtp_alert"), "no mail is sent: there is no notification_email"));
  CHECK(mentions(with("smtp_alert_checker", ""), "no mail is sent"));
  CHECK(
      mentions(load_text(instance("") + "vrrp_sync_group G {\n group {\n I\n }\n smtp_alert\n}\n"), "no mail is sent"));
}

TEST_CASE("nothing is said where mails can be sent, or none are asked for") {
  CHECK_FALSE(mentions(with(kServer + kRecipients, "smtp_alert"), "no mail is sent"));
  CHECK_FALSE(mentions(with("smtp_alert no", "smtp_alert off"), "no mail is sent"));
  CHECK_FALSE(mentions(with("", ""), "no mail is sent"));
}
