#include "vrrp/io/neighbour_socket.h"

#include <algorithm>
#include <linux/if_packet.h>
#include <map>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <vector>

#include "vrrp/io/batch.h"
#include "vrrp/io/neighbour_advert.h"

namespace holdfast::vrrp {

namespace {

constexpr int send_buffer = 4 << 20;

// Protocol 0: it sends only, nothing is ever queued for reading.
UniqueFd open_packet_socket() {
  UniqueFd fd(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd) setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &send_buffer, sizeof send_buffer);
  return fd;
}

/// The frame begins with its destination.
sockaddr_ll link_address(const SendGratuitousArp& frame, const Bytes& content) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(frame.address.is_v4() ? ETHERTYPE_ARP : ETHERTYPE_IPV6);
  address.sll_ifindex = static_cast<int>(frame.interface_index);
  address.sll_halen = ETH_ALEN;
  std::copy_n(content.begin(), ETH_ALEN, address.sll_addr);
  return address;
}

/// Asks about each interface once.
class Forwarding {
 public:
  bool on(std::uint32_t interface_index) {
    const auto [known, first] = known_.try_emplace(interface_index, false);
    if (first) known->second = forwards_ipv6(interface_index);
    return known->second;
  }

 private:
  std::map<std::uint32_t, bool> known_;
};

}  // namespace

NeighbourSocket::NeighbourSocket() : fd_(open_packet_socket()) {}

void NeighbourSocket::send(std::span<const SendGratuitousArp> frames) {
  if (!fd_) fd_ = open_packet_socket();
  Forwarding forwarding;
  std::vector<Bytes> contents(frames.size());
  std::vector<sockaddr_ll> destinations(frames.size());
  std::vector<iovec> vectors(frames.size());
  std::vector<mmsghdr> messages(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const SendGratuitousArp& frame = frames[i];
    contents[i] = frame.address.is_v4() ? gratuitous_arp(frame)
                                        : unsolicited_neighbour_advert(frame, forwarding.on(frame.interface_index));
    destinations[i] = link_address(frame, contents[i]);
    vectors[i] = {contents[i].data(), contents[i].size()};
    msghdr& header = messages[i].msg_hdr;
    header.msg_name = &destinations[i];
    header.msg_namelen = sizeof destinations[i];
    header.msg_iov = &vectors[i];
    header.msg_iovlen = 1;
  }
  dropped_ += send_batch(fd_.get(), messages).refused;
}

Bytes gratuitous_arp(const SendGratuitousArp& frame) {
  const MacAddress all = MacAddress::broadcast();
  ByteWriter out;
  out.put(all.octets);
  out.put(frame.mac.octets);
  out.u16(ETHERTYPE_ARP);
  out.u16(ARPHRD_ETHER);
  out.u16(ETHERTYPE_IP);
  out.u8(ETH_ALEN);
  out.u8(4);
  out.u16(ARPOP_REQUEST);
  out.put(frame.mac.octets);
  out.put(frame.address.bytes());
  out.put(all.octets);
  out.put(frame.address.bytes());
  return out.take();
}

}  // namespace holdfast::vrrp
