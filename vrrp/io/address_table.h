// Puts VIPs into the kernel and takes them out, by netlink and without waiting. What the kernel refuses is told as
// AddressRefused; what is there already (or gone already) is no refusal.
#pragma once

#include <memory>
#include <vector>

#include "core/netlink/command_socket.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class AddressTable : public AddressPort {
 public:
  AddressTable(EventLoop& loop, EventSink sink);

  void add(std::span<const KernelAddress> addresses) override;
  void remove(std::span<const KernelAddress> addresses) override;
  /// Requests that the kernel has not answered yet.
  std::size_t unanswered() const { return socket_ ? socket_->unanswered() : 0; }

 private:
  enum class Operation { Add, Remove };
  int open();
  void order(Operation operation, std::span<const KernelAddress> addresses);
  netlink::Request request(Operation operation, const KernelAddress& address);
  void answered(Operation operation, const KernelAddress& address, int error);

  EventLoop& loop_;
  EventSink sink_;
  std::unique_ptr<netlink::CommandSocket> socket_;
};

}  // namespace holdfast::vrrp
