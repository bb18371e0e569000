// The loop of a process: descriptors that become ready and one deadline per DeadlineTimer. Wraps libev; only event_loop.cpp
// includes ev.h. Any callback may destroy its own watch, other watches and timers, or stop the loop. Watches must be
// destroyed before their loop. Absent: libev's timers (they round to a millisecond), its signals and its child watchers.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/base/time.h"

namespace holdfast {

/// What to wait for; values may be or-ed. A hang-up or error counts as both, so that the reader meets it.
enum class Ready : unsigned { None = 0, Read = 1, Write = 2, ReadWrite = 3 };
constexpr Ready operator|(Ready a, Ready b) {
  return static_cast<Ready>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr Ready operator&(Ready a, Ready b) {
  return static_cast<Ready>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Fresh, not the time at which the loop woke up.
  TimePoint now() const;
  /// Until stop(), or until nothing is watched any more.
  void run();
  /// Ends the innermost run() or run_until() after the current callback.
  void stop();
  /// Handles what is ready without waiting; true when a callback ran.
  bool run_once();
  /// Runs until `done()` holds (asked after each round) or `deadline` has come; tells whether it held.
  bool run_until(const std::function<bool()>& done, TimePoint deadline);

 private:
  friend class FdWatch;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class FdWatch {
 public:
  /// Calls `callback` whenever `fd` is ready for `what`. The descriptor must stay open as long as the watch exists.
  FdWatch(EventLoop& loop, int fd, Ready what, std::function<void()> callback);
  ~FdWatch();
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  /// Changes what is waited for; Ready::None pauses. The same value costs nothing.
  void set(Ready what);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One timerfd, monotonic and absolute, microsecond-exact.
class DeadlineTimer {
 public:
  DeadlineTimer(EventLoop& loop, std::function<void()> callback);
  ~DeadlineTimer();
  DeadlineTimer(const DeadlineTimer&) = delete;
  DeadlineTimer& operator=(const DeadlineTimer&) = delete;

  /// Calls back once at `when` (at once when that has passed); nothing disarms. The value it is already armed with costs no
  /// system call. Once it has fired it is disarmed.
  void arm(std::optional<TimePoint> when);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast
