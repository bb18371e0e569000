// Signals as events: blocked for the process and read from a signalfd, so that nothing ever runs inside a handler.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

class SignalWatch {
 public:
  /// Calls back once per delivered signal (several SIGCHLD may arrive as one: reap in a loop).
  SignalWatch(EventLoop& loop, const std::vector<int>& signals, std::function<void(int)> callback);
  /// The signals stay blocked: a late SIGTERM must not kill a process that is tidying up.
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  void read_all();

  UniqueFd fd_;
  std::function<void(int)> callback_;
  std::shared_ptr<bool> alive_;
  std::unique_ptr<FdWatch> watch_;
};

/// Between fork and exec: every handler at its default, nothing blocked. Async-signal-safe.
void reset_signals_for_exec();

/// Blocks these from the first instruction on, before the SignalWatch exists (behaviour.md b.3: early signals are not fatal).
void block_signals(const std::vector<int>& signals);

/// A write to a closed socket is an error code, not a death.
void ignore_sigpipe();

}  // namespace holdfast
