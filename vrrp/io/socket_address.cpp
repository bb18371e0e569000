#include "vrrp/io/socket_address.h"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>

namespace holdfast::vrrp {

SocketAddress::SocketAddress(const IpAddress& address, std::uint32_t interface_index) {
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(address.v4_value());
    std::memcpy(&storage_, &v4, sizeof v4);
    size_ = sizeof v4;
    return;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  std::ranges::copy(address.bytes(), v6.sin6_addr.s6_addr);
  if (address.is_link_local() || address.is_multicast()) v6.sin6_scope_id = interface_index;
  std::memcpy(&storage_, &v6, sizeof v6);
  size_ = sizeof v6;
}

std::optional<IpAddress> address_of(const sockaddr_storage& storage, socklen_t size) {
  if (storage.ss_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return IpAddress::v4(ntohl(v4.sin_addr.s_addr));
  }
  if (storage.ss_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    return IpAddress::from_bytes(v6.sin6_addr.s6_addr);
  }
  return std::nullopt;
}

}  // namespace holdfast::vrrp
