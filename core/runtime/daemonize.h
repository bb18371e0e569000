// Going to the background: fork, setsid, chdir /, /dev/null. The parent waits until it is told how the start went and exits
// with that, so that "keepalived && …" means something.
#pragma once

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

/// Held by the daemon until it knows. Destroyed untold, the parent exits with 1.
class StartReport {
 public:
  StartReport() = default;
  explicit StartReport(UniqueFd pipe) : pipe_(std::move(pipe)) {}
  /// The waiting parent exits with this; 0 = the daemon serves. Only the first call counts.
  void tell(int exit_code);

 private:
  UniqueFd pipe_;
};

/// Returns in the daemon only. Call before threads, event loop and pid files exist.
Result<StartReport> daemonize();

}  // namespace holdfast
