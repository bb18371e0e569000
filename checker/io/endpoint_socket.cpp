#include "checker/io/endpoint_socket.h"

#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>

namespace holdfast::checker {

namespace {

template <class T>
bool set_option(int fd, int level, int name, const T& value) {
  return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

Status bind_to(int fd, const config::CheckEndpoint& endpoint) {
  const int on = 1;
  // With an address alone the kernel shall choose the port at connect(), where it may serve several servers at once.
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, on);
  if (endpoint.bind_port == 0) set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, on);
  const IpAddress address = endpoint.bind_address.value_or(IpAddress::any(endpoint.address.family()));
  const SocketAddress local = socket_address(address, endpoint.bind_port, endpoint.bind_interface);
  if (bind(fd, local.get(), local.size) != 0) return system_error("bind to " + address.text(), errno);
  return success();
}

Status set_options(int fd, const config::CheckEndpoint& endpoint) {
  const std::string& interface = endpoint.bind_interface;
  if (!interface.empty() && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                                       static_cast<socklen_t>(interface.size() + 1)) != 0) {
    return system_error("bind to interface " + interface, errno);
  }
  if (endpoint.fwmark != 0 && !set_option(fd, SOL_SOCKET, SO_MARK, endpoint.fwmark)) {
    return system_error("fwmark", errno);
  }
  if (endpoint.bind_address || endpoint.bind_port != 0) return bind_to(fd, endpoint);
  return success();
}

}  // namespace

SocketAddress socket_address(const IpAddress& address, std::uint16_t port, const std::string& interface) {
  SocketAddress result;
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(address.v4_value());
    std::memcpy(&result.storage, &v4, sizeof v4);
    result.size = sizeof v4;
    return result;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, address.bytes().data(), sizeof v6.sin6_addr);
  if (address.is_link_local() && !interface.empty()) v6.sin6_scope_id = if_nametoindex(interface.c_str());
  std::memcpy(&result.storage, &v6, sizeof v6);
  result.size = sizeof v6;
  return result;
}

Result<UniqueFd> open_endpoint_socket(const config::CheckEndpoint& endpoint, int type, int protocol) {
  const int family = endpoint.address.is_v4() ? AF_INET : AF_INET6;
  UniqueFd fd(socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (!fd) return system_error("socket", errno);
  if (const Status ready = set_options(fd.get(), endpoint); !ready) return ready.error();
  return fd;
}

int connect_endpoint(int fd, const config::CheckEndpoint& endpoint) {
  const SocketAddress remote = socket_address(endpoint.address, endpoint.port, endpoint.bind_interface);
  if (connect(fd, remote.get(), remote.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (connect(fd, remote.get(), remote.size) == 0) return 0;
  return errno == EALREADY ? EINPROGRESS : errno;
}

Verdict connect_verdict(int error) {
  const std::string text = std::strerror(error);
  switch (error) {
    case ECONNREFUSED:
      return {Failure::ConnectRefused, text};
    case ETIMEDOUT:
      return {Failure::ConnectTimeout, text};
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
      return {Failure::NetworkUnreachable, text};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case EAGAIN:
      return {Failure::LocalError, text};
    default:
      return {Failure::ConnectFailed, text};
  }
}

}  // namespace holdfast::checker
