// Where mails about changes go and how they are handed in (behaviour.md f.6). global_mail.cpp reads it; core sends by it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace holdfast::config {

struct MailSettings {
  std::vector<std::string> recipients;     ///< notification_email, as written: "a@b" or "Name <a@b>"
  std::string from;                        ///< notification_email_from; "" = USER@HOST
  std::string server;                      ///< address or host name; "" = no mail is sent
  std::uint16_t port = 25;                 ///< 1..65535
  std::string helo_name;                   ///< "" = the local host name
  Duration connect_timeout = seconds(30);  ///< smtp_connect_timeout: of each step of the dialog, from 1 s

  /// behaviour.md f.6: without a server or without recipients no mail is sent.
  bool possible() const { return !server.empty() && !recipients.empty(); }
  bool operator==(const MailSettings&) const = default;
};

}  // namespace holdfast::config
