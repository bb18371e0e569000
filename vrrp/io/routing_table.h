// Puts routes and rules into the kernel and takes them out, by netlink and without waiting, and tells what the kernel has of
// those that are watched. What the kernel refuses is told as RoutingRefused; what is there already (or gone already) is no
// refusal.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_set>

#include "core/netlink/routing_monitor.h"
#include "vrrp/io/order_socket.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class RoutingTable : public RoutingPort {
 public:
  RoutingTable(EventLoop& loop, std::shared_ptr<OrderSocket> orders, EventSink sink);

  void add(std::span<const RoutingEntry> entries) override;
  void remove(std::span<const RoutingEntry> entries) override;
  Status watch(const WatchRouting& what) override;
  void verify() override;

 private:
  void order(bool adding, std::span<const RoutingEntry> entries);
  void answered(bool adding, const RoutingEntry& entry, int error);
  void tell(bool removed, bool replaced, RoutingObject object);

  EventLoop& loop_;
  std::shared_ptr<OrderSocket> orders_;
  EventSink sink_;
  std::unordered_set<std::string> keys_;
  std::unique_ptr<netlink::RoutingMonitor> monitor_;
};

}  // namespace holdfast::vrrp
