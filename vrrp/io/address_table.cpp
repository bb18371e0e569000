#include "vrrp/io/address_table.h"

#include <cerrno>

#include "vrrp/io/address_spec.h"

namespace holdfast::vrrp {

void AddressTable::add(std::span<const KernelAddress> addresses) {
  order(Operation::Add, addresses);
}

void AddressTable::remove(std::span<const KernelAddress> addresses) {
  order(Operation::Remove, addresses);
}

void AddressTable::order(Operation operation, std::span<const KernelAddress> addresses) {
  if (const int error = orders_->open(); error != 0) {
    for (const KernelAddress& address : addresses) answered(operation, address, error);
    return;
  }
  std::vector<netlink::Request> requests;
  for (const KernelAddress& address : addresses) requests.push_back(request(operation, address));
  orders_->send(std::move(requests));
}

netlink::Request AddressTable::request(Operation operation, const KernelAddress& address) {
  return {[operation, spec = address_spec(address)](std::uint32_t sequence) {
            return operation == Operation::Add ? netlink::add_address(spec, sequence)
                                               : netlink::remove_address(spec, sequence);
          },
          [this, operation, address](int error) { answered(operation, address, error); }};
}

void AddressTable::answered(Operation operation, const KernelAddress& address, int error) {
  const bool adding = operation == Operation::Add;
  const bool as_wanted = adding ? error == EEXIST : error == EADDRNOTAVAIL || error == ENODEV;
  if (error == 0 || as_wanted) return;
  sink_(AddressRefused{address.interface_index, address.entry.prefix, adding, error});
}

}  // namespace holdfast::vrrp
