// Sockets as the connection keywords of a check want them (behaviour.md e.3): bindto, bind_port, bind_if, fwmark. Used by
// every probe. What fails here is ours, not the server's.
#pragma once

#include <sys/socket.h>

#include "checker/logic/probe.h"
#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::checker {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// The scope of a link-local IPv6 address is the interface of bind_if.
SocketAddress socket_address(const IpAddress& address, std::uint16_t port, const std::string& interface);

/// Non-blocking, bound as the endpoint says, not yet connected. `type` is SOCK_STREAM, SOCK_DGRAM or SOCK_RAW.
Result<UniqueFd> open_endpoint_socket(const config::CheckEndpoint& endpoint, int type, int protocol = 0);

/// connect() without waiting: 0, EINPROGRESS or why not. Looks a second time before it says EINPROGRESS: a server on this host
/// has answered by then, and nothing need be watched.
int connect_endpoint(int fd, const config::CheckEndpoint& endpoint);

/// What an errno of a connection says: about the server, the way to it, or (LocalError) us.
Verdict connect_verdict(int error);

}  // namespace holdfast::checker
