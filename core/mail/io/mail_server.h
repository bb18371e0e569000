// Finds a mail server and connects to it, for the mailer: a name is looked up in /etc/hosts and the DNS (no other source of
// nsswitch.conf: its plug-ins cannot be loaded into a static program), then each of its addresses is tried in turn without ever
// waiting longer than allowed. Blocks; for a process that has nothing else to do.
#pragma once

#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::mail {

struct ServerAddress {
  sockaddr_storage address{};
  socklen_t length = 0;
  std::string text() const;  ///< "[192.0.2.1]:25"
};

/// At least one; an Error says why the name means nothing.
Result<std::vector<ServerAddress>> find_server(const std::string& server, std::uint16_t port);

/// A connected, non-blocking socket. ETIMEDOUT when `until` came first.
Result<UniqueFd> connect_to(const ServerAddress& server, TimePoint until);

/// Until the descriptor is ready for `events` (poll.h); false when `until` came first.
bool wait_for(int fd, short events, TimePoint until);

}  // namespace holdfast::mail
