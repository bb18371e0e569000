// Executes last wills: takes a dead child's addresses out of the kernel. The netlink socket is opened beforehand, so that a
// lack of descriptors at the wrong moment cannot leave a VIP on two hosts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/runtime/event_loop.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

using Complain = std::function<void(std::string)>;
/// Carries out a last will. A fake remembers.
using RemoveFromKernel = std::function<void(const std::vector<WillAddress>& addresses, const Complain& complain)>;
using ExecutorFactory = std::function<RemoveFromKernel(EventLoop& loop, const Complain& complain)>;

RemoveFromKernel make_kernel_executor(EventLoop& loop, const Complain& complain);

}  // namespace holdfast::watchdog
