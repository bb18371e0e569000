// The addresses of this host as events of the engine (ha_suspend): an address is present while any interface has it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "checker/ports.h"
#include "core/netlink/monitor.h"

namespace holdfast::checker {

class AddressWatch : public AddressPort {
 public:
  AddressWatch(EventLoop& loop, EventSink sink) : loop_(loop), sink_(std::move(sink)) {}

  /// Waits at most 5 s for the first dump.
  Status start() override;
  /// lvs_netlink_monitor_rcv_bufs; 0 = ours.
  void size_receive_buffer(std::uint32_t octets, bool force);

 private:
  void on_address(const netlink::AddressMessage& address);
  void resync_started();
  void resync_finished();
  void take_away(const IpAddress& address, std::uint32_t interface_index);

  EventLoop& loop_;
  EventSink sink_;
  std::map<IpAddress, std::set<std::uint32_t>> holders_;  ///< indices of the interfaces that have it
  std::set<std::pair<IpAddress, std::uint32_t>> seen_;    ///< during a resync
  bool resyncing_ = false;
  int buffer_octets_ = netlink::Monitor::usual_receive_buffer;
  bool buffer_forced_ = true;
  std::unique_ptr<netlink::Monitor> monitor_;
};

}  // namespace holdfast::checker
