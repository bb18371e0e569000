#include "vrrp/io/raw_socket.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>

#include "vrrp/io/advert_filter.h"
#include "vrrp/io/socket_address.h"

namespace holdfast::vrrp {

namespace {

constexpr int receive_buffer = 1 << 20;
constexpr int priority_control = 7;  // TC_PRIO_CONTROL: before bulk data in the queue of the interface
constexpr int internetwork_control = 0xc0;

template <class T>
bool set_option(int fd, int level, int name, const T& value) {
  return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

ip_mreqn membership(std::uint32_t index, const IpAddress& group) {
  ip_mreqn request{};
  request.imr_multiaddr.s_addr = htonl(group.v4_value());
  request.imr_ifindex = static_cast<int>(index);
  return request;
}

ipv6_mreq membership_v6(std::uint32_t index, const IpAddress& group) {
  ipv6_mreq request{};
  std::ranges::copy(group.bytes(), request.ipv6mr_multiaddr.s6_addr);
  request.ipv6mr_interface = index;
  return request;
}

bool bind_to_interface(int fd, std::uint32_t index) {
  if (index == 0) return true;
  char name[IF_NAMESIZE] = {};
  if (if_indextoname(index, name) == nullptr) return false;
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, static_cast<socklen_t>(std::strlen(name) + 1)) == 0;
}

bool prepare_v4(int fd, const RawPlace& place) {
  if (!set_option(fd, IPPROTO_IP, IP_HDRINCL, 1)) return false;
  if (!place.unicast.is_any()) return set_option(fd, IPPROTO_IP, IP_FREEBIND, 1);
  ip_mreqn outgoing{};
  outgoing.imr_ifindex = static_cast<int>(place.interface_index);
  return set_option(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0) && set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
         set_option(fd, IPPROTO_IP, IP_MULTICAST_IF, outgoing);
}

bool prepare_v6(int fd, const RawPlace& place) {
  set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, internetwork_control);
  if (!set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) || !set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)) {
    return false;
  }
  set_option(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);  // a configured source may come later, as with IPv4
  if (!place.unicast.is_any()) return true;
  set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);  // since Linux 4.20; before, what others joined is dropped by us
  return set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) &&
         set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(place.interface_index));
}

bool bind_to_address(int fd, const RawPlace& place) {
  if (place.unicast.is_any()) return true;
  const SocketAddress own(place.unicast, place.interface_index);
  return bind(fd, own.get(), own.size()) == 0;
}

}  // namespace

Result<UniqueFd> open_raw_socket(const RawPlace& place) {
  const bool v4 = place.family == Family::IPv4;
  UniqueFd fd(socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, place.protocol));
  if (!fd) return system_error("raw socket", errno);
  if (!bind_to_interface(fd.get(), place.interface_index)) {
    return system_error("bind to interface", errno == ENXIO ? ENODEV : errno);
  }
  const bool ready = v4 ? prepare_v4(fd.get(), place) : prepare_v6(fd.get(), place);
  if (!ready) return system_error("raw socket options", errno);
  if (!bind_to_address(fd.get(), place)) return system_error("bind to " + place.unicast.text(), errno);
  set_option(fd.get(), SOL_SOCKET, SO_PRIORITY, priority_control);
  size_receive_buffer(fd.get(), 0);
  return fd;
}

void filter_vrids(int fd, const RawPlace& place, const std::vector<std::uint8_t>& vrids) {
  if (vrids.empty()) {
    set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
    return;
  }
  const Bytes octets = vrid_filter(place.family, place.protocol, vrids);
  std::vector<sock_filter> lines(octets.size() / sizeof(sock_filter));
  std::memcpy(lines.data(), octets.data(), octets.size());
  const sock_fprog program{static_cast<unsigned short>(lines.size()), lines.data()};
  set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, program);
}

void size_receive_buffer(int fd, std::uint32_t octets) {
  const int wanted = octets == 0 ? receive_buffer : static_cast<int>(std::min<std::uint32_t>(octets, INT_MAX));
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, wanted)) set_option(fd, SOL_SOCKET, SO_RCVBUF, wanted);
}

Status join_group(int fd, std::uint32_t interface_index, const IpAddress& group) {
  const bool joined = group.is_v4()
                          ? set_option(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(interface_index, group))
                          : set_option(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, membership_v6(interface_index, group));
  return joined ? success() : Status(system_error("join " + group.text(), errno));
}

void leave_group(int fd, std::uint32_t interface_index, const IpAddress& group) {
  if (group.is_v4()) {
    set_option(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, membership(interface_index, group));
  } else {
    set_option(fd, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, membership_v6(interface_index, group));
  }
}

}  // namespace holdfast::vrrp
