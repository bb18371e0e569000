// The end of a process that is not our child (an adopted one): by pidfd, or by asking ten times a second on kernels before 5.3.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {

class ProcessWatch {
 public:
  ProcessWatch(EventLoop& loop, std::function<void(pid_t)> on_end);

  void add(pid_t pid);

 private:
  struct Watched {
    UniqueFd pidfd;
    std::unique_ptr<FdWatch> watch;
  };
  void poll();
  void ended(pid_t pid);

  EventLoop& loop_;
  std::function<void(pid_t)> on_end_;
  std::map<pid_t, Watched> watched_;
  DeadlineTimer timer_;
};

}  // namespace holdfast::watchdog
