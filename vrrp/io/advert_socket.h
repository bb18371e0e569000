// Raw protocol-112 sockets, one per interface, for both directions: bound to the device, so an advert that came in elsewhere
// is never seen, and IGMP's limit of memberships per socket does not limit the number of interfaces. Our own adverts are not
// looped back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class AdvertSocket : public AdvertPort {
 public:
  AdvertSocket(EventLoop& loop, EventSink sink);
  ~AdvertSocket() override;

  /// Counts: as many unlisten() as listen() for the same interface and group leave it. ENODEV when there is no such interface.
  Status listen(const Listen& where) override;
  void unlisten(const Unlisten& where) override;
  /// One sendmmsg per interface. The first failure of each interface is told as SendRefused, after all are sent; ENODEV for
  /// an interface at which nobody listens.
  void send(std::span<const SendAdvert> adverts) override;
  /// Datagrams longer than any advert, dropped.
  std::uint64_t oversized() const { return oversized_; }

 private:
  struct Interface {
    UniqueFd fd;
    std::map<IpAddress, int> groups;  // → how many listen
    std::unique_ptr<FdWatch> watch;
  };
  struct ReceiveBuffers;

  Result<Interface*> interface(std::uint32_t index);
  void receive(std::uint32_t index, int fd);
  int send_at(std::uint32_t index, const std::vector<const SendAdvert*>& adverts);
  std::uint16_t next_identification();

  EventLoop& loop_;
  EventSink sink_;
  std::map<std::uint32_t, Interface> interfaces_;
  std::unique_ptr<ReceiveBuffers> buffers_;
  std::uint16_t identification_ = 0;
  std::uint64_t oversized_ = 0;
};

}  // namespace holdfast::vrrp
