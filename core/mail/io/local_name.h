// The name by which this machine is known in mails when router_id, smtp_helo_name or notification_email_from are not given.
#pragma once

#include <string>

namespace holdfast::mail {

/// What /etc/hosts says that the host name is in full, else the host name itself. No other source is asked, so that core never
/// waits for a name server.
std::string local_name();

}  // namespace holdfast::mail
