#include "core/log/console_sink.h"

#include <fmt/format.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

namespace holdfast {

namespace {

// A pipe whose reader has stopped must not stop us.
bool writable(int fd) {
  pollfd wanted{fd, POLLOUT, 0};
  return poll(&wanted, 1, 0) == 1 && (wanted.revents & POLLOUT) != 0;
}

}  // namespace

void ConsoleSink::write(const LogLine& line) {
  const std::string text = fmt::format("{}: {}\n", console_time(line.time_us), line.text);
  if (!writable(fd_) || ::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) ++lost_;
}

std::string console_time(std::int64_t time_us) {
  const time_t seconds = time_us / 1'000'000;
  tm parts{};
  localtime_r(&seconds, &parts);
  char text[64];
  const std::size_t length = strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts);
  return std::string(text, length);
}

}  // namespace holdfast
