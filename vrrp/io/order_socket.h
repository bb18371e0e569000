// The one socket through which the kernel is ordered to change addresses, routes and rules: one queue, so that a route never
// arrives before the address that it needs. Opened early and again when needed.
#pragma once

#include <memory>
#include <vector>

#include "core/netlink/command_socket.h"

namespace holdfast::vrrp {

class OrderSocket {
 public:
  explicit OrderSocket(EventLoop& loop) : loop_(loop) { open(); }

  /// errno; 0 = it is open.
  int open() {
    if (socket_) return 0;
    auto opened = netlink::CommandSocket::open(loop_);
    if (!opened) return opened.error().code;
    socket_ = std::move(*opened);
    return 0;
  }
  /// Of the answers; octets, beyond net.core.rmem_max only if forced.
  void size_receive_buffer(int octets, bool force) {
    if (open() == 0) socket_->size_receive_buffer(octets, force);
  }
  /// Only when it is open.
  void send(std::vector<netlink::Request> requests) { socket_->send(std::move(requests)); }
  void drain(Duration patience) {
    if (socket_) socket_->drain(patience);
  }
  std::size_t unanswered() const { return socket_ ? socket_->unanswered() : 0; }

 private:
  EventLoop& loop_;
  std::unique_ptr<netlink::CommandSocket> socket_;
};

}  // namespace holdfast::vrrp
