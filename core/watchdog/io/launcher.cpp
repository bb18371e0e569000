#include "core/watchdog/io/launcher.h"

#include <unistd.h>

#include "core/netlink/kernel_module.h"
#include "core/runtime/child_process.h"
#include "core/runtime/socket.h"

namespace holdfast::watchdog {

const char* role_word(Role role) {
  return role == Role::Vrrp ? "vrrp" : "checker";
}

namespace {

/// The checker gives up the right to have a module loaded; core asks the kernel for it, which costs something only when it is
/// not there. What became of it the checker will see.
void provide_ipvs() {
  if (access("/proc/net/ip_vs", F_OK) != 0) netlink::request_module("ip_vs");
}

}  // namespace

Result<Launched> launch(Role role, bool inherit_console) {
  if (role == Role::Checker) provide_ipvs();
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
