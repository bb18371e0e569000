// The deadlines of all running probes behind one timer: most probes end long before theirs, so an entry is not removed when
// its probe ends but dropped when it is met, and swept out when such entries are the majority. Used by checker/io/probe_port.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"

namespace holdfast::checker {

struct QueuedDeadline {
  TimePoint when;
  std::uint64_t id = 0;
  /// Of a heap: the earliest on top.
  bool operator<(const QueuedDeadline& other) const { return when > other.when; }
};

class DeadlineQueue {
 public:
  void push(QueuedDeadline entry) {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end());
  }

  /// The earliest entry for which `alive(entry)` holds; the dead ones before it go.
  template <class Alive>
  std::optional<QueuedDeadline> earliest(const Alive& alive) {
    while (!heap_.empty() && !alive(heap_.front())) pop();
    if (heap_.empty()) return {};
    return heap_.front();
  }

  void pop() {
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
  }

  /// Keeps the size within twice the number of live entries and a little.
  template <class Alive>
  void sweep(std::size_t live, const Alive& alive) {
    if (heap_.size() <= 2 * live + 1024) return;
    std::erase_if(heap_, [&alive](const QueuedDeadline& entry) { return !alive(entry); });
    std::make_heap(heap_.begin(), heap_.end());
  }

  std::size_t size() const { return heap_.size(); }

 private:
  std::vector<QueuedDeadline> heap_;
};

}  // namespace holdfast::checker
