// Tells systemd how the daemon is (sd_notify(3), by hand: one datagram). Without NOTIFY_SOCKET every call does nothing.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "core/runtime/unique_fd.h"

namespace holdfast {

class ServiceManager {
 public:
  /// `notify_socket`: value of $NOTIFY_SOCKET; "" = not under systemd; "@…" = abstract.
  explicit ServiceManager(std::string notify_socket);

  void ready(pid_t main_pid);
  void reloading();
  void stopping();
  /// ERRNO=n: a child ended for good.
  void error(int code);
  void status(std::string_view text);

 private:
  void send(const std::string& message);

  std::string address_;
  UniqueFd fd_;
};

/// $NOTIFY_SOCKET, or "".
std::string notify_socket_of_environment();

}  // namespace holdfast
