// Ears for last wills: raw sockets in which the kernel's filter leaves only what means that a peer has taken over. Nothing that
// arrives is read, so no byte of the network can do more than be there. Called by the executor. Absent: what an advert is.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

class TakeoverEars {
 public:
  explicit TakeoverEars(EventLoop& loop) : loop_(loop) {}

  /// Calls back from the loop when something passes the filter, again and again until stop(). Replaces an ear of that key.
  /// ENODEV: no such interface; EMFILE; EINVAL: the kernel does not take the filter.
  Status listen(const std::string& key, const Ear& ear, std::function<void()> heard);
  void stop(const std::string& key) { open_.erase(key); }

 private:
  struct Open {
    UniqueFd fd;
    std::unique_ptr<FdWatch> watch;
  };
  EventLoop& loop_;
  std::map<std::string, Open> open_;
};

}  // namespace holdfast::watchdog
