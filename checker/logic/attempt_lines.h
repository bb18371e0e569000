// The log lines of an attempt, in keepalived's words (log_lines.md 4): one for how it ended, and one when it counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/logic/check_run.h"

namespace holdfast::checker {

struct AttemptNames {
  std::string server;   ///< "[10.0.0.1]:tcp:80"
  std::string service;  ///< of the virtual server
};

/// What happened in this attempt. Empty when keepalived says nothing of it: a success that was expected, a failure of a server
/// that is down already or (without log_all_failures) one that does not count yet.
std::vector<std::string> attempt_lines(const CheckRun& check, const CheckRun::Result& result,
                                       const AttemptNames& names);

/// How an SMTP_CHECK failed: "Bad HELO response from server".
std::string_view smtp_reason(Failure failure);

}  // namespace holdfast::checker
