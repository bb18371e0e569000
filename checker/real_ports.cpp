#include "checker/real_ports.h"

#include <array>

#include "checker/io/address_watch.h"
#include "checker/io/file_port.h"
#include "checker/io/mark_table.h"
#include "checker/io/probe_port.h"
#include "ipvs_wrapper/io/ipvs_namespace.h"
#include "ipvs_wrapper/io/ipvs_socket.h"

namespace holdfast::checker {

Ports make_real_ports(EventLoop& loop, EventSink sink) {
  Ports ports;
  ports.probes = std::make_unique<Probes>(loop, sink);
  ports.files = std::make_unique<WatchedFiles>(loop, sink);
  auto addresses = std::make_unique<AddressWatch>(loop, sink);
  auto kernel = std::make_unique<ipvs::IpvsSocket>();
  auto reader = std::make_unique<ipvs::IpvsSocket>();
  auto marks = std::make_unique<MarkTable>(loop);
  ports.move_ipvs = [both = std::array{kernel.get(), reader.get()}, marks = marks.get()](const std::string& name) {
    Status moved = success();
    for (ipvs::IpvsSocket* table : both) {
      Result<netlink::Socket> socket = ipvs::socket_in_namespace(name, ipvs::IpvsSocket::kReceiveBuffer);
      if (!socket) moved = socket.error();
      table->stay_with(std::move(socket));
    }
    marks->stay_with(ipvs::socket_in_namespace(name, netlink::BatchSocket::kReceiveBuffer, netlink::Bus::Netfilter));
    return moved;
  };
  ports.size_buffers = [both = std::array{kernel.get(), reader.get()},
                        watch = addresses.get()](const config::DaemonSettings& daemon) {
    const config::ReceiveBuffer& commands = daemon.lvs_netlink_cmd;
    for (ipvs::IpvsSocket* table : both) table->size_receive_buffer(commands.octets.value_or(0), commands.force);
    watch->size_receive_buffer(daemon.lvs_netlink_monitor.octets.value_or(0), daemon.lvs_netlink_monitor.force);
  };
  ports.addresses = std::move(addresses);
  ports.marks = std::move(marks);
  ports.ipvs = std::move(kernel);
  ports.ipvs_reader = std::move(reader);
  return ports;
}

}  // namespace holdfast::checker
