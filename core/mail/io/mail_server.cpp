#include "core/mail/io/mail_server.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <nss.h>
#include <poll.h>

#include "core/runtime/clock.h"

namespace holdfast::mail {

std::string ServerAddress::text() const {
  char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";
  getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host, sizeof host, port, sizeof port,
              NI_NUMERICHOST | NI_NUMERICSERV);
  return fmt::format("[{}]:{}", host, port);
}

Result<std::vector<ServerAddress>> find_server(const std::string& server, std::uint16_t port) {
  __nss_configure_lookup("hosts", "files dns");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(server.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failure != 0) return Error{failure == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(failure), 0};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  std::vector<ServerAddress> servers;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    ServerAddress& made = servers.emplace_back();
    made.length = std::min<socklen_t>(each->ai_addrlen, sizeof made.address);
    std::memcpy(&made.address, each->ai_addr, made.length);
  }
  if (servers.empty()) return Error{"it has no address", 0};
  return servers;
}

bool wait_for(int fd, short events, TimePoint until) {
  for (;;) {
    const Duration left = until - now();
    if (left <= Duration::zero()) return false;
    pollfd entry{fd, events, 0};
    const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    const int ready = poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left_ms, 60'000)));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
}

Result<UniqueFd> connect_to(const ServerAddress& server, TimePoint until) {
  UniqueFd fd(socket(server.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return system_error("socket", errno);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&server.address), server.length) == 0) return fd;
  if (errno != EINPROGRESS) return Error{std::strerror(errno), errno};
  if (!wait_for(fd.get(), POLLOUT, until)) return Error{std::strerror(ETIMEDOUT), ETIMEDOUT};
  int failure = 0;
  socklen_t size = sizeof failure;
  if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0) failure = errno;
  if (failure != 0) return Error{std::strerror(failure), failure};
  return fd;
}

}  // namespace holdfast::mail
