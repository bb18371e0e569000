#include "vrrp/io/real_ports.h"

#include "vrrp/io/address_table.h"
#include "vrrp/io/advert_socket.h"
#include "vrrp/io/link_monitor.h"
#include "vrrp/io/neighbour_socket.h"

namespace holdfast::vrrp {

Ports make_real_ports(EventLoop& loop, EventSink sink) {
  Ports ports;
  ports.adverts = std::make_unique<AdvertSocket>(loop, sink);
  ports.neighbours = std::make_unique<NeighbourSocket>();
  ports.addresses = std::make_unique<AddressTable>(loop, sink);
  ports.links = std::make_unique<LinkMonitor>(loop, sink);
  return ports;
}

}  // namespace holdfast::vrrp
