#include "core/watchdog/logic/restart_policy.h"

#include <cstring>
#include <fmt/format.h>

namespace holdfast::watchdog {

const char* title(Role role) {
  return role == Role::Vrrp ? "VRRP" : "Healthcheck";
}

std::optional<int> permanent_error(const Exited& death) {
  if (death.signalled || death.unknown) return std::nullopt;
  if (death.status == 1 || death.status == 2 || death.status == 4) return death.status;
  return std::nullopt;
}

std::string obituary(const Exited& death) {
  if (death.unknown) return fmt::format("pid {} exited (adopted, how is not known)", death.pid);
  if (!death.signalled) return fmt::format("pid {} exited with status {}", death.pid, death.status);
  return fmt::format("pid {} exited due to signal {} ({})", death.pid, death.status, strsignal(death.status));
}

}  // namespace holdfast::watchdog
