// reload_time_file (behaviour.md c): a file says when the configuration is to be read again. Core's process owns one and tells it
// the settings at each change; what a time means is decided in reload_time.h.
#pragma once

#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/config/schema/global_defs.h"
#include "core/runtime/event_loop.h"
#include "core/watchdog/io/path_watch.h"

namespace holdfast::watchdog {

class TimedReload {
 public:
  /// `say` logs; `reload` is called at the time, never from inside a call of this class.
  TimedReload(EventLoop& loop, std::function<void(const std::string&)> say, std::function<void()> reload)
      : loop_(loop), say_(std::move(say)), reload_(std::move(reload)), timer_(loop, [this] { on_timer(); }) {}

  /// The configuration in force.
  void obey(const config::GlobalDefs& globals);
  /// The next reload, in seconds since 1970.
  std::optional<std::time_t> due() const { return due_; }

 private:
  void look();
  void on_timer();
  void arm();

  EventLoop& loop_;
  std::function<void(const std::string&)> say_;
  std::function<void()> reload_;
  DeadlineTimer timer_;
  std::string path_;
  bool repeat_ = false;
  std::string read_;  ///< what the file held when it was last looked at
  std::optional<std::time_t> due_;
  std::unique_ptr<PathWatch> watch_;
};

}  // namespace holdfast::watchdog
