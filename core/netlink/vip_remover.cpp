#include "core/netlink/vip_remover.h"

#include <cerrno>

#include "core/netlink/message.h"

namespace holdfast::netlink {

namespace {

struct Progress {
  std::size_t open = 0;
  std::vector<VipRemover::Refusal> refusals;
  VipRemover::Callback callback;
};

bool gone(int error) {
  return error == 0 || error == EADDRNOTAVAIL || error == ENODEV;
}

Request removal(const OwnedAddress& address, const std::shared_ptr<Progress>& progress) {
  return {[address](std::uint32_t sequence) {
            return remove_local_address(address.interface_index, address.prefix, sequence);
          },
          [address, progress](int error) {
            if (!gone(error)) progress->refusals.push_back({address, error});
            if (--progress->open == 0) progress->callback(progress->refusals);
          }};
}

}  // namespace

Result<std::unique_ptr<VipRemover>> VipRemover::open(EventLoop& loop) {
  auto socket = CommandSocket::open(loop);
  if (!socket) return socket.error();
  return std::make_unique<VipRemover>(std::move(*socket));
}

void VipRemover::remove(const std::vector<OwnedAddress>& addresses, Callback callback) {
  const auto progress = std::make_shared<Progress>();
  progress->open = addresses.size();
  progress->callback = std::move(callback);
  std::vector<Request> requests;
  for (const OwnedAddress& address : addresses) requests.push_back(removal(address, progress));
  if (requests.empty()) return progress->callback({});
  socket_->send(std::move(requests));
}

}  // namespace holdfast::netlink
