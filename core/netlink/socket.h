// A non-blocking netlink socket: opens it, moves datagrams, knows who sent them. CommandSocket, Monitor and, for generic
// netlink, generic.h stand on it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace holdfast::netlink {

/// Which changes the kernel shall tell.
enum class Subscription { None, LinksAndAddresses, Routing };

/// What the socket talks to: routing (rtnetlink), netfilter's own messages, or the families of generic netlink.
enum class Bus { Route, Netfilter, Generic };

class Socket {
 public:
  /// `receive_buffer`: octets, if need be beyond rmem_max (SO_RCVBUFFORCE).
  static Result<Socket> open(Subscription subscription, int receive_buffer);
  /// Without subscription. The kernel leaves a refused request out of its answer where it knows how (NETLINK_CAP_ACK, 4.2).
  static Result<Socket> open(Bus bus, int receive_buffer);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  int fd() const;
  /// Octets, of at most net.core.rmem_max unless forced (SO_RCVBUFFORCE).
  void size_receive_buffer(int octets, bool force) const;
  Status send(ByteView messages) const;
  /// The next datagram of the kernel, valid until the next call; datagrams of others are skipped. EAGAIN when there is none,
  /// ENOBUFS when the kernel had to drop some.
  Result<ByteView> receive();
  /// Waits for it; ETIMEDOUT when none comes within `patience`.
  Result<ByteView> receive(Duration patience);

 private:
  struct Impl;
  explicit Socket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::netlink
