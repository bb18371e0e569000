#include "core/log/bounded_queue.h"

#include <fmt/format.h>

namespace holdfast {

bool BoundedLogQueue::push(LogLine line) {
  const std::size_t needed = lost_ > 0 ? 2 : 1;
  if (lines_.size() + needed > capacity_) {
    ++lost_;
    ++lost_in_all_;
    last_lost_ = std::move(line);
    return false;
  }
  if (lost_ > 0) lines_.push_back(loss_line());
  lines_.push_back(std::move(line));
  return true;
}

std::optional<LogLine> BoundedLogQueue::pop() {
  if (!lines_.empty()) {
    LogLine line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }
  if (lost_ > 0) return loss_line();
  return std::nullopt;
}

LogLine BoundedLogQueue::loss_line() {
  LogLine line = std::move(last_lost_);
  line.level = Level::Warning;
  line.text = fmt::format("{} log lines lost", lost_);
  lost_ = 0;
  return line;
}

}  // namespace holdfast
