#include "vrrp/io/real_ports.h"

#include "vrrp/io/address_table.h"
#include "vrrp/io/advert_socket.h"
#include "vrrp/io/firewall_table.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/neighbour_socket.h"
#include "vrrp/io/object_watch.h"
#include "vrrp/io/routing_table.h"
#include "vrrp/io/vmac_table.h"

namespace holdfast::vrrp {

Ports make_real_ports(EventLoop& loop, EventSink sink) {
  Ports ports;
  ports.adverts = std::make_unique<AdvertSocket>(loop, sink);
  ports.neighbours = std::make_unique<NeighbourSocket>();
  const auto orders = std::make_shared<OrderSocket>(loop);
  ports.addresses = std::make_unique<AddressTable>(orders, sink);
  ports.routing = std::make_unique<RoutingTable>(loop, orders, sink);
  ports.vmacs = std::make_unique<VmacTable>(loop, sink);
  ports.firewall = std::make_unique<FirewallTable>(loop, sink);
  ports.links = std::make_unique<LinkMonitor>(loop, sink);
  ports.objects = std::make_unique<ObjectWatch>(loop, sink);
  return ports;
}

}  // namespace holdfast::vrrp
