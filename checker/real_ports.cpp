#include "checker/real_ports.h"

#include "checker/io/address_watch.h"
#include "checker/io/file_watch.h"
#include "checker/io/probe_port.h"
#include "ipvs_wrapper/io/ipvs_socket.h"

namespace holdfast::checker {

Ports make_real_ports(EventLoop& loop, EventSink sink) {
  Ports ports;
  ports.probes = std::make_unique<Probes>(loop, sink);
  ports.files = std::make_unique<FileWatch>(loop, sink);
  ports.addresses = std::make_unique<AddressWatch>(loop, sink);
  ports.ipvs = std::make_unique<ipvs::IpvsSocket>();
  ports.ipvs_reader = std::make_unique<ipvs::IpvsSocket>();
  return ports;
}

}  // namespace holdfast::checker
