// A second loop on a thread of its own at ordinary priority, beside a loop that must never wait: for errands of which one may
// take long (a file on a server that is gone) or that come in storms (every process of the host that begins or ends). The two
// loops share nothing but the functions they hand each other. The thread begins with the first errand.
//
// One that hangs in the kernel when it should end is left behind, for the process ends anyway. Absent: what the errands are.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "core/runtime/event_loop.h"

namespace holdfast {

class SideLoop {
 public:
  using Errand = std::function<void(EventLoop& side)>;

  /// Of the loop that must not wait; it must outlive this.
  explicit SideLoop(EventLoop& main);
  /// Asks the thread to end and waits for it, but not longer than a fifth of a second.
  ~SideLoop();
  SideLoop(const SideLoop&) = delete;
  SideLoop& operator=(const SideLoop&) = delete;

  /// Runs beside, after what was posted before. False: no thread could be had, nothing will ever run.
  bool post(Errand errand);

  /// Runs functions in the main loop in their order. May be copied and called by errands at any time, also when the SideLoop
  /// is gone: then nothing runs any more.
  using Tell = std::function<void(std::function<void()>)>;
  Tell tell() const;

 private:
  struct Mailbox;
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<FdWatch> watch_;
  std::thread thread_;
};

}  // namespace holdfast
