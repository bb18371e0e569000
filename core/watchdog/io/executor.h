// Core's hands for last wills: takes a dead child's rules, routes and addresses out of the kernel, and listens for peers that take
// over. The netlink socket is opened beforehand, so that a lack of descriptors at the wrong moment cannot leave a VIP on two hosts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/runtime/event_loop.h"
#include "core/watchdog/logic/effects.h"

namespace holdfast::watchdog {

using Complain = std::function<void(std::string)>;

/// A fake remembers.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Carries out a last will; what cannot be removed is told to `complain`.
  virtual void remove(const RemoveAddresses& will, const Complain& complain) = 0;
  /// Calls back from the loop for each sign that a peer has taken over, until stop_listening().
  virtual Status listen(const std::string& key, const Ear& ear, std::function<void()> heard) = 0;
  virtual void stop_listening(const std::string& key) = 0;
};
using ExecutorFactory = std::function<std::unique_ptr<Executor>(EventLoop& loop, const Complain& complain)>;

/// The kernel's. A netlink socket that cannot be opened is told to `complain`, and then each address that has to stay.
std::unique_ptr<Executor> make_kernel_executor(EventLoop& loop, const Complain& complain);

}  // namespace holdfast::watchdog
