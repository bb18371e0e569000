// Unix stream sockets: the links between processes, the rendezvous and the control socket. All descriptors are close-on-exec
// and non-blocking.
#pragma once

#include <string>
#include <sys/types.h>
#include <utility>

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

Result<std::pair<UniqueFd, UniqueFd>> socket_pair();

/// A listening socket at `path` with exactly `mode`; a socket file that nobody answers at is replaced, one that somebody
/// answers at is EADDRINUSE. Paths longer than 107 octets are ENAMETOOLONG.
Result<UniqueFd> listen_unix(const std::string& path, mode_t mode);

/// EAGAIN when the listener's queue is full; try again later.
Result<UniqueFd> connect_unix(const std::string& path);

/// The next waiting connection; EAGAIN when there is none.
Result<UniqueFd> accept_connection(int listening_fd);

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  bool operator==(const PeerCredentials&) const = default;
};
/// Of the process that made the other end (SO_PEERCRED).
Result<PeerCredentials> peer_credentials(int fd);

Status set_nonblocking(int fd);
Status set_close_on_exec(int fd);

}  // namespace holdfast
