#include "core/watchdog/io/executor.h"

#include <fmt/format.h>
#include <memory>

#include "core/netlink/vip_remover.h"

namespace holdfast::watchdog {

RemoveFromKernel make_kernel_executor(EventLoop& loop, const Complain& complain) {
  auto opened = netlink::VipRemover::open(loop);
  if (!opened) {
    complain("Last wills cannot be executed: " + opened.error().message);
    return [](const std::vector<WillAddress>& addresses, const Complain& tell) {
      for (const WillAddress& address : addresses)
        tell("Cannot remove " + address.prefix.text() + ", it stays in the kernel");
    };
  }
  return [remover = std::shared_ptr<netlink::VipRemover>(std::move(*opened))](const std::vector<WillAddress>& addresses,
                                                                              const Complain& tell) {
    std::vector<netlink::OwnedAddress> owned;
    for (const WillAddress& address : addresses) owned.push_back({address.interface_index, address.prefix});
    remover->remove(owned, [tell](const std::vector<netlink::VipRemover::Refusal>& refusals) {
      for (const auto& refusal : refusals) {
        tell(system_error("Cannot remove " + refusal.address.prefix.text() + ", it stays in the kernel", refusal.error)
                 .message);
      }
    });
  };
}

}  // namespace holdfast::watchdog
