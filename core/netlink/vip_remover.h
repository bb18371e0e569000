// Core's hands for a last will: takes addresses out of the kernel when their child cannot be brought back in time (DESIGN §5).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "core/netlink/command_socket.h"
#include "core/runtime/event_loop.h"

namespace holdfast::netlink {

struct OwnedAddress {
  std::uint32_t interface_index = 0;
  IpPrefix prefix;  ///< its length matters for IPv6 only
  bool operator==(const OwnedAddress&) const = default;
};

/// A whole rtnetlink message, as vrrp made it, that removes a route or a rule and does nothing else.
bool is_routing_removal(ByteView message);

class VipRemover {
 public:
  /// In the network namespace of the caller.
  static Result<std::unique_ptr<VipRemover>> open(EventLoop& loop);
  explicit VipRemover(std::unique_ptr<CommandSocket> socket) : socket_(std::move(socket)) {}

  /// Sends ready messages that remove routes and rules; tells of each that is refused. One that is gone already counts as
  /// removed.
  void send(const std::vector<Bytes>& removals, const std::function<void(int error)>& on_refusal);

  /// Removes them in batches and then tells those that are still there, with the errno. One that is gone already, or whose
  /// interface is, counts as removed. The callback comes from the loop; for an
  /// empty list at once.
  struct Refusal {
    OwnedAddress address;
    int error = 0;
  };
  using Callback = std::function<void(const std::vector<Refusal>&)>;
  void remove(const std::vector<OwnedAddress>& addresses, Callback callback);
  /// Waits until all is done, but no longer than that: core may end right after a last will. Callbacks come from here then.
  void drain(Duration patience) { socket_->drain(patience); }

 private:
  std::unique_ptr<CommandSocket> socket_;
};

}  // namespace holdfast::netlink
