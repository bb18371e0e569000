// A queue of lines that never grows beyond its capacity: the newest are dropped, counted, and the count is told as a line of
// its own at the place where lines are missing.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/log/line.h"

namespace holdfast {

class BoundedLogQueue {
 public:
  explicit BoundedLogQueue(std::size_t capacity) : capacity_(capacity) {}

  /// False when the line was dropped.
  bool push(LogLine line);
  /// The oldest; "N log lines lost" where some are missing.
  std::optional<LogLine> pop();
  /// Takes a popped line back as the oldest, because it could not be written.
  void put_back(LogLine line) { lines_.push_front(std::move(line)); }

  bool empty() const { return lines_.empty() && lost_ == 0; }
  std::size_t size() const { return lines_.size(); }
  std::uint64_t lost_in_all() const { return lost_in_all_; }

 private:
  LogLine loss_line();

  std::size_t capacity_;
  std::deque<LogLine> lines_;
  std::uint64_t lost_ = 0;  // since the last line told about it
  std::uint64_t lost_in_all_ = 0;
  LogLine last_lost_;
};

}  // namespace holdfast
