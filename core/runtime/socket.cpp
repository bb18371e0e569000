#include "core/runtime/socket.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace holdfast {

namespace {

constexpr int stream_type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Bound to a name of its own and renamed, the socket never exists with a wider mode and replaces a dead one atomically.
Status bind_with_mode(int fd, const std::string& path, mode_t mode) {
  const std::string temporary = path + ".new";
  const auto address = address_of(temporary);
  if (!address) return system_error(path, ENAMETOOLONG);
  unlink(temporary.c_str());
  const mode_t old_mask = umask(0777 & ~mode);
  const int bound = bind(fd, generic(*address), sizeof *address);
  const int bind_error = errno;
  umask(old_mask);
  if (bound != 0) return system_error("bind " + path, bind_error);
  if (listen(fd, 64) != 0 || rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return system_error("listen " + path, error);
  }
  return success();
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> socket_pair() {
  int fds[2];
  if (socketpair(AF_UNIX, stream_type, 0, fds) != 0) return system_error("socketpair", errno);
  return std::pair(UniqueFd(fds[0]), UniqueFd(fds[1]));
}

Result<UniqueFd> listen_unix(const std::string& path, mode_t mode) {
  const Result<UniqueFd> answered = connect_unix(path);
  if (answered || answered.error().code == EAGAIN) return system_error("listen " + path, EADDRINUSE);
  UniqueFd fd(socket(AF_UNIX, stream_type, 0));
  if (!fd) return system_error("socket", errno);
  if (Status bound = bind_with_mode(fd.get(), path, mode); !bound) return bound.error();
  return fd;
}

Result<UniqueFd> connect_unix(const std::string& path) {
  const auto address = address_of(path);
  if (!address) return system_error("connect " + path, ENAMETOOLONG);
  UniqueFd fd(socket(AF_UNIX, stream_type, 0));
  if (!fd) return system_error("socket", errno);
  if (connect(fd.get(), generic(*address), sizeof *address) != 0) return system_error("connect " + path, errno);
  return fd;
}

Result<UniqueFd> accept_connection(int listening_fd) {
  UniqueFd fd(accept4(listening_fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) return system_error("accept", errno);
  return fd;
}

Result<PeerCredentials> peer_credentials(int fd) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return system_error("SO_PEERCRED", errno);
  if (length != sizeof credentials) return system_error("SO_PEERCRED", EINVAL);
  return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

Status set_nonblocking(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) return system_error("O_NONBLOCK", errno);
  return success();
}

Status set_close_on_exec(int fd) {
  const int flags = fcntl(fd, F_GETFD);
  if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) != 0) return system_error("FD_CLOEXEC", errno);
  return success();
}

}  // namespace holdfast
