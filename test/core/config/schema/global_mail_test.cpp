#include "core/config/schema/global_mail.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Config globals(const std::string& lines, const std::string& more = "") {
  return load_text("global_defs {\n" + lines + "\n}\n" + more).config;
}

const std::string kGroup = "vrrp_sync_group G {\n group {\n I\n }\n}\n";

/// smtp_alert of an instance and a group that do not say.
std::pair<bool, bool> defaults(const std::string& lines) {
  const Config config = globals(lines, instance("") + kGroup);
  return {config.vrrp_instances.at(0).smtp_alert, config.sync_groups.at(0).smtp_alert.value()};
}

}  // namespace

TEST_CASE("where mails go is read") {
  const MailSettings mail = globals(
                                "notification_email {\n a@x.org\n b@x.org c@x.org\n Bob Smith <d@x.org>\n}\n"
                                "notification_email {\n e@x.org\n}\n"
                                "notification_email_from Me Too <me@x.org>\nsmtp_server mail.x.org 2525\n"
                                "smtp_helo_name us.x.org\nsmtp_connect_timeout 7")
                                .global_defs.mail;
  CHECK(mail.recipients == std::vector<std::string>{"a@x.org", "b@x.org", "c@x.org", "Bob Smith <d@x.org>", "e@x.org"});
  CHECK(mail.from == "Me Too <me@x.org>");
  CHECK(mail.server == "mail.x.org");
  CHECK(mail.port == 2525);
  CHECK(mail.helo_name == "us.x.org");
  CHECK(mail.connect_timeout == seconds(7));
  CHECK(mail.possible());
}

TEST_CASE("without a server or recipients no mail is possible") {
  CHECK_FALSE(MailSettings{}.possible());
  CHECK_FALSE(globals("smtp_server 10.0.0.1").global_defs.mail.possible());
  CHECK_FALSE(globals("notification_email {\n a@b\n}").global_defs.mail.possible());
  CHECK(MailSettings{}.port == 25);
  CHECK(MailSettings{}.connect_timeout == seconds(30));
}

TEST_CASE("a timeout of 0 is one second, a port that is none leaves no server") {
  CHECK(globals("smtp_connect_timeout 0").global_defs.mail.connect_timeout == seconds(1));
  CHECK(globals("smtp_server a 0").global_defs.mail.server.empty());
}

TEST_CASE("smtp_alert of instances and groups is that of vrrp, else the general one, else off") {
  CHECK(defaults("") == std::pair(false, false));
  CHECK(defaults("smtp_alert") == std::pair(true, true));
  CHECK(defaults("smtp_alert\nsmtp_alert_vrrp no") == std::pair(false, false));
  CHECK(defaults("smtp_alert no\nsmtp_alert_vrrp") == std::pair(true, true));
  CHECK(defaults("smtp_alert_checker") == std::pair(false, false));
  const Config config =
      globals("smtp_alert", instance("smtp_alert no") + "vrrp_sync_group G {\n group {\n I\n }\n smtp_alert no\n}\n");
  CHECK_FALSE(config.vrrp_instances.at(0).smtp_alert);
  CHECK_FALSE(config.sync_groups.at(0).smtp_alert.value());
}

TEST_CASE("what is not to be mailed reaches those who ask") {
  const std::string service =
      "virtual_server 10.0.0.9 80 {\n protocol TCP\n lb_algo rr\n lb_kind NAT\n real_server 10.0.0.1 80 {\n }\n}\n";
  const Config config = globals("no_email_faults\nno_checker_emails", instance("") + kGroup + service);
  CHECK(config.vrrp_instances.at(0).no_email_faults);
  CHECK(config.sync_groups.at(0).no_email_faults);
  CHECK(config.virtual_servers.at(0).real_servers.at(0).no_checker_emails);
  CHECK_FALSE(globals("", instance("")).vrrp_instances.at(0).no_email_faults);
}
