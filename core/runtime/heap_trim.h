// Gives free pages of the heap back to the kernel: at once, and once more some seconds later, because what a start, a reload or a
// new core needs for a while is freed bit by bit until everybody has settled, and would stay resident otherwise.
#pragma once

#include <functional>

#include "core/base/time.h"
#include "core/runtime/event_loop.h"

namespace holdfast {

class HeapTrim {
 public:
  /// Later than the second burst of gratuitous ARPs of those who became Active.
  static constexpr Duration kLater = seconds(10);

  /// `trim` is another one in tests.
  explicit HeapTrim(EventLoop& loop, std::function<void()> trim = heap_trim, Duration later = kLater);

  void now_and_later();
  /// Asked again meanwhile, it is as much later.
  void later();

 private:
  static void heap_trim();

  std::function<void()> trim_;
  Duration later_;
  DeadlineTimer timer_;
};

}  // namespace holdfast
