// IpAddress ↔ the sockaddr of its family. An IPv6 link-local address needs its interface beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <sys/socket.h>

#include "core/base/ip_address.h"

namespace holdfast::vrrp {

class SocketAddress {
 public:
  SocketAddress() = default;
  /// Port 0. `interface_index` counts for link-local IPv6 only.
  SocketAddress(const IpAddress& address, std::uint32_t interface_index);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

/// Nothing when it is of neither family or too short.
std::optional<IpAddress> address_of(const sockaddr_storage& storage, socklen_t size);

}  // namespace holdfast::vrrp
