// Raw sockets for adverts, one per interface, family, protocol and unicast source, for both directions: bound to the
// device, so an advert that came in elsewhere is never seen, and IGMP's limit of memberships per socket does not limit the
// number of interfaces. Our own adverts are not looped back. A unicast advert for an address that has a socket of its own
// is not told by the multicast socket beside it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/io/raw_socket.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class AdvertSocket : public AdvertPort {
 public:
  AdvertSocket(EventLoop& loop, EventSink sink);
  ~AdvertSocket() override;

  /// Counts: as many unlisten() as listen() for the same place leave it. ENODEV when there is no such interface.
  Status listen(const Listen& where) override;
  void unlisten(const Unlisten& where) override;
  /// A filter in the kernel; where it cannot be set everything comes in as before, and is sorted out by the engine.
  void accept_only(const AcceptOnly& what) override;
  void size_buffer(const SizeAdvertBuffer& what) override;
  void catch_up() override;
  /// One sendmmsg per socket. The first failure of each is told as SendRefused, after all are sent; ENODEV for a place at
  /// which nobody listens.
  void send(std::span<const SendAdvert> adverts) override;
  /// Datagrams longer than any advert, dropped.
  std::uint64_t oversized() const { return oversized_; }

 private:
  struct Endpoint {
    UniqueFd fd;
    std::map<IpAddress, int> groups;  // → how many listen
    std::unique_ptr<FdWatch> watch;
  };
  struct ReceiveBuffers;
  struct SendBuffers;

  Result<Endpoint*> endpoint(const RawPlace& place);
  int receive(const RawPlace& place, int fd);
  void take_ipv4(const RawPlace& place, ByteView bytes);
  void take_ipv6(const RawPlace& place, std::size_t at, ByteView bytes);
  bool heard_elsewhere(const RawPlace& place, const IpAddress& destination) const;
  int send_at(const RawPlace& place, std::span<const SendAdvert* const> adverts);
  Bytes datagram_of(const SendAdvert& advert);
  std::uint16_t next_identification();

  EventLoop& loop_;
  EventSink sink_;
  std::map<RawPlace, Endpoint> endpoints_;
  std::map<std::pair<std::uint32_t, Family>, std::vector<std::uint8_t>> accepted_;
  std::map<std::pair<std::uint32_t, Family>, std::uint32_t> sizes_;
  std::unique_ptr<ReceiveBuffers> buffers_;
  std::unique_ptr<SendBuffers> sends_;
  std::uint16_t identification_ = 0;
  std::uint64_t oversized_ = 0;
};

}  // namespace holdfast::vrrp
