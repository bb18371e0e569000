// One piece of pure, lengthy work beside the loop: it runs on a thread of its own at ordinary priority and its end is told in
// the loop. For reading a large configuration while adverts go out; nothing that touches shared data belongs here.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "core/runtime/event_loop.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

class Background {
 public:
  explicit Background(EventLoop& loop);
  /// Waits for work that runs.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  bool busy() const { return thread_.joinable(); }
  /// Only when not busy. `work` runs beside the loop and must own what it uses; `done` is called in the loop afterwards. If no
  /// thread can be had the work is done at once, in the loop.
  void run(std::function<void()> work, std::function<void()> done);

 private:
  void finished();

  UniqueFd event_;
  FdWatch watch_;
  std::thread thread_;
  std::function<void()> done_;
};

}  // namespace holdfast
