#include "core/netlink/socket.h"

#include <cerrno>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <sys/socket.h>

namespace holdfast::netlink {

namespace {

constexpr std::size_t longest_datagram = 64 * 1024;  // the kernel's dumps use at most 32 KiB

struct FreeSocket {
  void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};

void set_receive_buffer(int fd, int octets) {
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) == 0) return;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
}

// libnl's own codes hide which errno it was (EMFILE becomes "unspecific failure"); errno still knows.
Error netlink_error(const char* what) {
  return system_error(what, errno == 0 ? EIO : errno);
}

int protocol_of(Bus bus) {
  switch (bus) {
    case Bus::Netfilter:
      return NETLINK_NETFILTER;
    case Bus::Generic:
      return NETLINK_GENERIC;
    default:
      return NETLINK_ROUTE;
  }
}

void answer_without_request(int fd) {
  constexpr int cap_ack = 10;  // NETLINK_CAP_ACK, absent from older headers; older kernels refuse it
  const int on = 1;
  setsockopt(fd, SOL_NETLINK, cap_ack, &on, sizeof on);
}

}  // namespace

struct Socket::Impl {
  std::unique_ptr<nl_sock, FreeSocket> socket;
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(longest_datagram);
};

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

Result<Socket> Socket::open(Bus bus, int receive_buffer) {
  auto impl = std::make_unique<Impl>();
  impl->socket.reset(nl_socket_alloc());
  nl_sock* socket = impl->socket.get();
  if (socket == nullptr) return Error{"netlink socket", ENOMEM};
  errno = 0;
  if (nl_connect(socket, protocol_of(bus)) < 0) return netlink_error("netlink socket");
  if (nl_socket_set_nonblocking(socket) < 0) return netlink_error("netlink socket");
  set_receive_buffer(nl_socket_get_fd(socket), receive_buffer);
  if (bus != Bus::Route) answer_without_request(nl_socket_get_fd(socket));
  return Socket(std::move(impl));
}

Result<Socket> Socket::open(Subscription subscription, int receive_buffer) {
  Result<Socket> opened = open(Bus::Route, receive_buffer);
  if (!opened || subscription == Subscription::None) return opened;
  errno = 0;
  nl_sock* socket = opened->impl_->socket.get();
  const int failed = subscription == Subscription::Routing
                         ? nl_socket_add_memberships(socket, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,
                                                     RTNLGRP_IPV6_RULE, 0)
                         : nl_socket_add_memberships(socket, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, 0);
  if (failed < 0) return netlink_error("netlink membership");
  return opened;
}

int Socket::fd() const {
  return nl_socket_get_fd(impl_->socket.get());
}

void Socket::size_receive_buffer(int octets, bool force) const {
  setsockopt(fd(), SOL_SOCKET, force ? SO_RCVBUFFORCE : SO_RCVBUF, &octets, sizeof octets);
}

Status Socket::send(ByteView messages) const {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const ssize_t sent = sendto(fd(), messages.data(), messages.size(), MSG_DONTWAIT,
                              reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent < 0) return system_error("netlink send", errno);
  return success();
}

Result<ByteView> Socket::receive() {
  while (true) {
    sockaddr_nl sender{};
    socklen_t length = sizeof sender;
    const ssize_t count = recvfrom(fd(), impl_->buffer.data(), impl_->buffer.size(), MSG_DONTWAIT | MSG_TRUNC,
                                   reinterpret_cast<sockaddr*>(&sender), &length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("netlink receive", errno);
    if (length != sizeof sender || sender.nl_pid != 0) continue;
    if (static_cast<std::size_t>(count) > impl_->buffer.size()) return system_error("netlink receive", ENOBUFS);
    return ByteView(impl_->buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<ByteView> Socket::receive(Duration patience) {
  const auto left_ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  while (true) {
    Result<ByteView> datagram = receive();
    if (datagram || (datagram.error().code != EAGAIN && datagram.error().code != EWOULDBLOCK)) return datagram;
    pollfd wanted{fd(), POLLIN, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(left_ms));
    if (ready == 0) return system_error("netlink receive", ETIMEDOUT);
    if (ready < 0 && errno != EINTR) return system_error("netlink receive", errno);
  }
}

}  // namespace holdfast::netlink
