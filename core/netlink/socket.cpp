#include "core/netlink/socket.h"

#include <cerrno>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
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

}  // namespace

struct Socket::Impl {
  std::unique_ptr<nl_sock, FreeSocket> socket;
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(longest_datagram);
};

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

Result<Socket> Socket::open(Subscription subscription, int receive_buffer) {
  auto impl = std::make_unique<Impl>();
  impl->socket.reset(nl_socket_alloc());
  nl_sock* socket = impl->socket.get();
  if (socket == nullptr) return Error{"netlink socket", ENOMEM};
  errno = 0;
  if (nl_connect(socket, NETLINK_ROUTE) < 0) return netlink_error("netlink socket");
  if (nl_socket_set_nonblocking(socket) < 0) return netlink_error("netlink socket");
  set_receive_buffer(nl_socket_get_fd(socket), receive_buffer);
  if (subscription == Subscription::LinksAndAddresses) {
    const int failed = nl_socket_add_memberships(socket, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, 0);
    if (failed < 0) return netlink_error("netlink membership");
  }
  return Socket(std::move(impl));
}

int Socket::fd() const {
  return nl_socket_get_fd(impl_->socket.get());
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

}  // namespace holdfast::netlink
