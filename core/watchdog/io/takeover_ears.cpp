#include "core/watchdog/io/takeover_ears.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <vector>

namespace holdfast::watchdog {
namespace {

template <class T>
bool set_option(int fd, int level, int name, const T& value) {
  return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

bool attach_filter(int fd, const Bytes& octets) {
  std::vector<sock_filter> lines(octets.size() / sizeof(sock_filter));
  if (lines.empty()) {
    errno = EINVAL;
    return false;
  }
  std::memcpy(lines.data(), octets.data(), lines.size() * sizeof(sock_filter));
  const sock_fprog program{static_cast<unsigned short>(lines.size()), lines.data()};
  return set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, program);
}

bool bind_to_interface(int fd, std::uint32_t index) {
  if (index == 0) return true;
  char name[IF_NAMESIZE] = {};
  if (if_indextoname(index, name) == nullptr) return false;
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, static_cast<socklen_t>(std::strlen(name) + 1)) == 0;
}

bool join_v4(int fd, const Ear& ear) {
  ip_mreqn request{};
  request.imr_multiaddr.s_addr = htonl(ear.address.v4_value());
  request.imr_ifindex = static_cast<int>(ear.interface_index);
  return set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) && set_option(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, request);
}

bool join_v6(int fd, const Ear& ear) {
  ipv6_mreq request{};
  std::ranges::copy(ear.address.bytes(), request.ipv6mr_multiaddr.s6_addr);
  request.ipv6mr_interface = ear.interface_index;
  set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);  // since Linux 4.20
  return set_option(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, request);
}

bool bind_v4(int fd, const Ear& ear) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(ear.address.v4_value());
  set_option(fd, IPPROTO_IP, IP_FREEBIND, 1);
  return bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
}

bool bind_v6(int fd, const Ear& ear) {
  sockaddr_in6 own{};
  own.sin6_family = AF_INET6;
  std::ranges::copy(ear.address.bytes(), own.sin6_addr.s6_addr);
  own.sin6_scope_id = ear.interface_index;
  set_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
  return bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
}

bool take_place(int fd, const Ear& ear) {
  if (ear.address.is_multicast()) return ear.address.is_v4() ? join_v4(fd, ear) : join_v6(fd, ear);
  return ear.address.is_v4() ? bind_v4(fd, ear) : bind_v6(fd, ear);
}

/// Tells whether anything was there. An octet is enough: the rest of the datagram goes with it.
bool drain(int fd) {
  char octet = 0;
  bool any = false;
  for (int i = 0; i < 1000 && recv(fd, &octet, sizeof octet, MSG_DONTWAIT | MSG_TRUNC) >= 0; ++i) any = true;
  return any;
}

}  // namespace

Status TakeoverEars::listen(const std::string& key, const Ear& ear, std::function<void()> heard) {
  open_.erase(key);
  const int family = ear.address.is_v4() ? AF_INET : AF_INET6;
  UniqueFd fd(socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, ear.protocol));
  if (!fd) return system_error("raw socket", errno);
  if (!attach_filter(fd.get(), ear.filter)) return system_error("filter", errno);
  if (!bind_to_interface(fd.get(), ear.interface_index))
    return system_error("interface", errno == ENXIO ? ENODEV : errno);
  if (!take_place(fd.get(), ear)) return system_error(ear.address.text(), errno);
  drain(fd.get());  // what came before the filter, or from elsewhere before it was bound
  Open& open = open_[key];
  open.fd = std::move(fd);
  open.watch =
      std::make_unique<FdWatch>(loop_, open.fd.get(), Ready::Read, [raw = open.fd.get(), tell = std::move(heard)] {
        if (drain(raw)) tell();
      });
  return success();
}

}  // namespace holdfast::watchdog
