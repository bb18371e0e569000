#include "vrrp/io/advert_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>

#include "vrrp/io/batch.h"
#include "vrrp/io/ipv4_header.h"

namespace holdfast::vrrp {

namespace {

constexpr int protocol_vrrp = 112;
constexpr int receive_buffer = 1 << 20;
constexpr int priority_control = 7;           // TC_PRIO_CONTROL: before bulk data in the queue of the interface
constexpr std::size_t longest_advert = 2048;  // 60 + 8 + 255 × 4 + 8 octets at most
constexpr std::size_t datagrams_per_turn = 64;

template <class T>
bool set_option(int fd, int level, int name, const T& value) {
  return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

sockaddr_in socket_address(const IpAddress& address) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(address.v4_value());
  return result;
}

ip_mreqn membership(std::uint32_t index, const IpAddress& group) {
  ip_mreqn request{};
  request.imr_multiaddr.s_addr = htonl(group.v4_value());
  request.imr_ifindex = static_cast<int>(index);
  return request;
}

bool bind_to_interface(int fd, std::uint32_t index) {
  char name[IF_NAMESIZE] = {};
  if (if_indextoname(index, name) == nullptr) return false;
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, static_cast<socklen_t>(std::strlen(name) + 1)) == 0;
}

void enlarge_receive_buffer(int fd) {
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer)) {
    set_option(fd, SOL_SOCKET, SO_RCVBUF, receive_buffer);
  }
}

Result<UniqueFd> open_raw_socket(std::uint32_t index) {
  UniqueFd fd(socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol_vrrp));
  if (!fd) return system_error("raw socket", errno);
  if (!bind_to_interface(fd.get(), index)) return system_error("bind to interface", errno == ENXIO ? ENODEV : errno);
  ip_mreqn outgoing{};
  outgoing.imr_ifindex = static_cast<int>(index);
  const bool ready = set_option(fd.get(), IPPROTO_IP, IP_HDRINCL, 1) &&
                     set_option(fd.get(), IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
                     set_option(fd.get(), IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
                     set_option(fd.get(), IPPROTO_IP, IP_MULTICAST_IF, outgoing);
  if (!ready) return system_error("raw socket options", errno);
  set_option(fd.get(), SOL_SOCKET, SO_PRIORITY, priority_control);
  enlarge_receive_buffer(fd.get());
  return fd;
}

}  // namespace

struct AdvertSocket::ReceiveBuffers {
  std::array<std::array<std::uint8_t, longest_advert>, datagrams_per_turn> data{};
  std::array<iovec, datagrams_per_turn> vectors{};
  std::array<mmsghdr, datagrams_per_turn> messages{};

  ReceiveBuffers() {
    for (std::size_t i = 0; i < datagrams_per_turn; ++i) {
      vectors[i] = {data[i].data(), data[i].size()};
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

AdvertSocket::AdvertSocket(EventLoop& loop, EventSink sink)
    : loop_(loop), sink_(std::move(sink)), buffers_(std::make_unique<ReceiveBuffers>()) {}

AdvertSocket::~AdvertSocket() = default;

Result<AdvertSocket::Interface*> AdvertSocket::interface(std::uint32_t index) {
  if (const auto found = interfaces_.find(index); found != interfaces_.end()) return &found->second;
  Result<UniqueFd> fd = open_raw_socket(index);
  if (!fd) return fd.error();
  Interface& made = interfaces_[index];
  made.fd = std::move(*fd);
  made.watch = std::make_unique<FdWatch>(loop_, made.fd.get(), Ready::Read,
                                         [this, index, raw = made.fd.get()] { receive(index, raw); });
  return &made;
}

Status AdvertSocket::listen(const Listen& where) {
  const Result<Interface*> found = interface(where.interface_index);
  if (!found) return found.error();
  int& listeners = (*found)->groups[where.group];
  if (listeners == 0 && where.group.is_multicast()) {
    const ip_mreqn request = membership(where.interface_index, where.group);
    if (!set_option((*found)->fd.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, request)) {
      const int error = errno;
      listeners = 1;
      unlisten({where.interface_index, where.group});
      return system_error("join " + where.group.text(), error);
    }
  }
  ++listeners;
  return success();
}

void AdvertSocket::unlisten(const Unlisten& where) {
  const auto found = interfaces_.find(where.interface_index);
  if (found == interfaces_.end()) return;
  auto& groups = found->second.groups;
  const auto group = groups.find(where.group);
  if (group == groups.end() || --group->second > 0) return;
  set_option(found->second.fd.get(), IPPROTO_IP, IP_DROP_MEMBERSHIP, membership(where.interface_index, where.group));
  groups.erase(group);
  if (groups.empty()) interfaces_.erase(found);
}

void AdvertSocket::receive(std::uint32_t index, int fd) {
  const int count = recvmmsg(fd, buffers_->messages.data(), datagrams_per_turn, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const mmsghdr& message = buffers_->messages[at];
    if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
      ++oversized_;
      continue;
    }
    sink_(PacketReceived{index, ByteView(buffers_->data[at].data(), message.msg_len)});
  }
}

void AdvertSocket::send(std::span<const SendAdvert> adverts) {
  std::map<std::uint32_t, std::vector<const SendAdvert*>> by_interface;
  for (const SendAdvert& advert : adverts) by_interface[advert.interface_index].push_back(&advert);
  std::vector<SendRefused> refusals;
  for (const auto& [index, batch] : by_interface) {
    if (const int error = send_at(index, batch); error != 0) refusals.push_back({index, error});
  }
  for (const SendRefused& refusal : refusals) sink_(refusal);
}

/// The errno of the first that was refused.
int AdvertSocket::send_at(std::uint32_t index, const std::vector<const SendAdvert*>& adverts) {
  const auto found = interfaces_.find(index);
  if (found == interfaces_.end()) return ENODEV;
  std::vector<Bytes> datagrams(adverts.size());
  std::vector<sockaddr_in> destinations(adverts.size());
  std::vector<iovec> vectors(adverts.size());
  std::vector<mmsghdr> messages(adverts.size());
  for (std::size_t i = 0; i < adverts.size(); ++i) {
    const SendAdvert& advert = *adverts[i];
    datagrams[i] = ipv4_datagram(advert.source, advert.destination, next_identification(), advert.pdu);
    destinations[i] = socket_address(advert.destination);
    vectors[i] = {datagrams[i].data(), datagrams[i].size()};
    msghdr& header = messages[i].msg_hdr;
    header.msg_name = &destinations[i];
    header.msg_namelen = sizeof destinations[i];
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
  }
  return send_batch(found->second.fd.get(), messages).first_error;
}

// Zero would let the kernel choose.
std::uint16_t AdvertSocket::next_identification() {
  if (++identification_ == 0) identification_ = 1;
  return identification_;
}

}  // namespace holdfast::vrrp
