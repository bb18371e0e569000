// The kernel's links and addresses as events of the engine. Tells each link only when something about it that matters has
// changed.
#pragma once

#include <unordered_map>

#include "core/netlink/monitor.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class LinkMonitor : public LinkPort {
 public:
  LinkMonitor(EventLoop& loop, EventSink sink, int receive_buffer = netlink::Monitor::usual_receive_buffer);

  /// Waits at most 5 s for the first dump.
  Status start() override;
  void size_buffer(const config::BufferSize& size) override;
  std::uint64_t overruns() const { return monitor_.overruns(); }

 private:
  netlink::MonitorCallbacks callbacks();
  void on_link(const netlink::LinkMessage& link);
  void on_address(const netlink::AddressMessage& address);

  EventSink sink_;
  std::unordered_map<std::uint32_t, LinkChanged> told_;
  netlink::Monitor monitor_;
};

/// Up means that packets can pass: administratively up, and with a carrier (IFF_UP and IFF_RUNNING).
LinkChanged link_fact(const netlink::LinkMessage& link);

}  // namespace holdfast::vrrp
