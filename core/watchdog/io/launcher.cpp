#include "core/watchdog/io/launcher.h"

#include "core/runtime/child_process.h"
#include "core/runtime/socket.h"

namespace holdfast::watchdog {

const char* role_word(Role role) {
  return role == Role::Vrrp ? "vrrp" : "checker";
}

Result<Launched> launch(Role role, bool inherit_console) {
  auto pair = socket_pair();
  if (!pair) return pair.error();
  SpawnOptions options;
  // The image that runs, also after an upgrade has replaced the file: parent and child always speak the same protocol.
  options.executable = "/proc/self/exe";
  options.argv = {"keepalived", kChildFlag, role_word(role)};
  options.environment = environment_without({"NOTIFY_SOCKET"});
  options.inherit_fd = pair->second.get();
  options.null_stdio = !inherit_console;
  auto pid = spawn(options);
  if (!pid) return pid.error();
  return Launched{*pid, std::move(pair->first)};
}

}  // namespace holdfast::watchdog
