#include "vrrp/io/ipv6_control.h"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>

namespace holdfast::vrrp {

namespace {

template <class T>
void put_message(cmsghdr& message, int type, const T& value) {
  message.cmsg_level = IPPROTO_IPV6;
  message.cmsg_type = type;
  message.cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(&message), &value, sizeof value);
}

template <class T>
std::optional<T> value_of(const cmsghdr& message) {
  if (message.cmsg_len < CMSG_LEN(sizeof(T))) return std::nullopt;
  T value{};
  std::memcpy(&value, CMSG_DATA(&message), sizeof value);
  return value;
}

}  // namespace

void put_ipv6_control(msghdr& header, Ipv6Control& control, const IpAddress& source, std::uint32_t interface_index,
                      std::uint8_t hop_limit) {
  header.msg_control = control.octets.data();
  header.msg_controllen = CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int));
  static_assert(CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int)) <= sizeof(Ipv6Control));
  in6_pktinfo info{};
  std::ranges::copy(source.bytes(), info.ipi6_addr.s6_addr);
  info.ipi6_ifindex = interface_index;
  cmsghdr* message = CMSG_FIRSTHDR(&header);
  put_message(*message, IPV6_PKTINFO, info);
  message = CMSG_NXTHDR(&header, message);
  put_message(*message, IPV6_HOPLIMIT, static_cast<int>(hop_limit));
}

std::optional<Ipv6Envelope> ipv6_envelope(msghdr& header, const IpAddress& source) {
  std::optional<IpAddress> destination;
  std::optional<int> hop_limit;
  for (cmsghdr* message = CMSG_FIRSTHDR(&header); message != nullptr; message = CMSG_NXTHDR(&header, message)) {
    if (message->cmsg_level != IPPROTO_IPV6) continue;
    if (message->cmsg_type == IPV6_HOPLIMIT) hop_limit = value_of<int>(*message);
    if (message->cmsg_type != IPV6_PKTINFO) continue;
    if (const auto info = value_of<in6_pktinfo>(*message)) destination = IpAddress::from_bytes(info->ipi6_addr.s6_addr);
  }
  if (!destination || !hop_limit) return std::nullopt;
  return Ipv6Envelope{source, *destination, static_cast<std::uint8_t>(std::clamp(*hop_limit, 0, 255))};
}

}  // namespace holdfast::vrrp
