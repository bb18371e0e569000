// Puts VIPs into the kernel and takes them out, by netlink and without waiting. What the kernel refuses is told as
// AddressRefused; what is there already (or gone already) is no refusal.
#pragma once

#include <memory>
#include <vector>

#include "vrrp/io/order_socket.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class AddressTable : public AddressPort {
 public:
  AddressTable(EventLoop& loop, EventSink sink) : AddressTable(std::make_shared<OrderSocket>(loop), std::move(sink)) {}
  AddressTable(std::shared_ptr<OrderSocket> orders, EventSink sink)
      : orders_(std::move(orders)), sink_(std::move(sink)) {}

  void add(std::span<const KernelAddress> addresses) override;
  void remove(std::span<const KernelAddress> addresses) override;
  void size_buffer(const config::BufferSize& size) override {
    if (size.octets) orders_->size_receive_buffer(static_cast<int>(*size.octets), size.force);
  }
  void finish() override { orders_->drain(milliseconds(700)); }
  /// Requests that the kernel has not answered yet.
  std::size_t unanswered() const { return orders_->unanswered(); }

 private:
  enum class Operation { Add, Remove };
  void order(Operation operation, std::span<const KernelAddress> addresses);
  netlink::Request request(Operation operation, const KernelAddress& address);
  void answered(Operation operation, const KernelAddress& address, int error);

  std::shared_ptr<OrderSocket> orders_;
  EventSink sink_;
};

}  // namespace holdfast::vrrp
