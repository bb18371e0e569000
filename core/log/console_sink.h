// `-l`: lines on stderr as "Sun Nov 22 21:17:41 2026: text" (behaviour.md b.4). A terminal that is gone costs lines, not the
// daemon.
#pragma once

#include "core/log/line.h"

namespace holdfast {

class ConsoleSink : public LogSink {
 public:
  /// Does not own `fd`.
  explicit ConsoleSink(int fd = 2) : fd_(fd) {}
  void write(const LogLine& line) override;
  std::uint64_t lost() const override { return lost_; }

 private:
  int fd_;
  std::uint64_t lost_ = 0;
};

/// ctime(3) without its newline, local time.
std::string console_time(std::int64_t time_us);

}  // namespace holdfast
