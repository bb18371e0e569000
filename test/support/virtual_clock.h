// Time for tests: a queue of things to do, and a clock that jumps from one to the next. Nothing here waits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "core/base/time.h"

namespace holdfast::test {

class VirtualClock {
 public:
  TimePoint now() const { return now_; }
  void advance_to(TimePoint at) { now_ = at > now_ ? at : now_; }

  /// Things due at the same time are done in the order in which they were put in.
  void at(TimePoint when, std::function<void()> what) { queue_.emplace(std::pair(when, ++sequence_), std::move(what)); }
  std::optional<TimePoint> next() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first.first);
  }
  void do_next() {
    auto node = queue_.extract(queue_.begin());
    advance_to(node.key().first);
    node.mapped()();
  }

 private:
  TimePoint now_ = from_us(1'000'000'000);  // a boot some time ago: zero would hide sums that forget an offset
  std::map<std::pair<TimePoint, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t sequence_ = 0;
};

}  // namespace holdfast::test
