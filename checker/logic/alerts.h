// The mails of the checker in keepalived's words (behaviour.md e.2, f.6): a check of a real server changed, a server or service
// is shut down, quorum was gained or lost. Whether one is wanted is asked by the callers, BalancedService and Engine. Absent:
// recipients, the name of this machine in the subject, sending; all that is core's.
#pragma once

#include <string>

#include "checker/logic/check_run.h"
#include "checker/logic/effects.h"

namespace holdfast::checker {

/// What the check says now: "=> TCP CHECK failed on service <=". `server` as log lines call it.
std::string check_alert_body(const CheckRun& check, const std::string& server);

SendAlert server_alert(const std::string& server, const std::string& service, bool alive, std::string body);
SendAlert service_alert(const std::string& service, bool up, std::string body);

/// The service or server goes with the daemon (omega).
inline constexpr const char* kShuttingDown = "=> Shutting down <=";

}  // namespace holdfast::checker
