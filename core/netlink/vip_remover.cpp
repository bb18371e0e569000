#include "core/netlink/vip_remover.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/rtnetlink.h>

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

bool is_routing_removal(ByteView message) {
  nlmsghdr header{};
  if (message.size() < sizeof header) return false;
  std::memcpy(&header, message.data(), sizeof header);
  if (NLMSG_ALIGN(header.nlmsg_len) != message.size() || header.nlmsg_len < sizeof header) return false;
  return header.nlmsg_type == RTM_DELROUTE || header.nlmsg_type == RTM_DELRULE;
}

void VipRemover::send(const std::vector<Bytes>& removals, const std::function<void(int error)>& on_refusal) {
  std::vector<Request> requests;
  for (const Bytes& removal : removals) {
    if (!is_routing_removal(removal)) continue;
    const auto build = [removal](std::uint32_t sequence) {
      Bytes message = removal;
      std::memcpy(message.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof sequence);
      return message;
    };
    requests.push_back({build, [on_refusal](int error) {
                          if (!gone(error) && error != ESRCH && error != ENOENT) on_refusal(error);
                        }});
  }
  socket_->send(std::move(requests));
}

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
