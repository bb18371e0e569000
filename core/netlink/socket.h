// A non-blocking NETLINK_ROUTE socket: opens it, moves datagrams, knows who sent them. CommandSocket and Monitor stand on it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace holdfast::netlink {

/// Which changes the kernel shall tell.
enum class Subscription { None, LinksAndAddresses };

class Socket {
 public:
  /// `receive_buffer`: octets, if need be beyond rmem_max (SO_RCVBUFFORCE).
  static Result<Socket> open(Subscription subscription, int receive_buffer);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  int fd() const;
  Status send(ByteView messages) const;
  /// The next datagram of the kernel, valid until the next call; datagrams of others are skipped. EAGAIN when there is none,
  /// ENOBUFS when the kernel had to drop some.
  Result<ByteView> receive();

 private:
  struct Impl;
  explicit Socket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::netlink
