// Tells when something happened to a path: written, put there, taken away. By inotify on its directory, so that a file that is
// renamed over the old one is seen; while there is no such directory it is looked for each second.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {

class PathWatch {
 public:
  /// `changed` may be called when nothing changed, never from inside the constructor.
  PathWatch(EventLoop& loop, std::string path, std::function<void()> changed);

 private:
  void watch_directory();
  void on_inotify();

  EventLoop& loop_;
  std::string directory_, name_;
  std::function<void()> changed_;
  UniqueFd inotify_;
  int watched_ = -1;  ///< of inotify; -1 = not yet
  DeadlineTimer retry_;
  std::unique_ptr<FdWatch> watch_;
};

}  // namespace holdfast::watchdog
