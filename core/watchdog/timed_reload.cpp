#include "core/watchdog/timed_reload.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runtime/clock.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/reload_time.h"

namespace holdfast::watchdog {
namespace {

/// Somebody may set the clock: it is looked at again at least so often.
constexpr Duration kLongestSleep = seconds(60);

/// At most one line; "" for what is no regular file.
std::string content_of(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat about {};
  std::array<char, 64> text{};
  if (!fd || fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  const ssize_t size = read(fd.get(), text.data(), text.size());
  const std::string content(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return content.substr(0, content.find('\n'));
}

std::string local(std::time_t when) {
  std::tm parts{};
  localtime_r(&when, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

void TimedReload::obey(const config::GlobalDefs& globals) {
  repeat_ = globals.reload_repeat;
  if (path_ == globals.reload_time_file) return;
  path_ = globals.reload_time_file;
  read_.clear();
  due_.reset();
  watch_ = path_.empty() ? nullptr : std::make_unique<PathWatch>(loop_, path_, [this] { look(); });
  if (watch_) look();
  arm();
}

void TimedReload::look() {
  std::string text = content_of(path_);
  if (text == read_) return;
  read_ = std::move(text);
  const auto time = parse_reload_time(read_);
  due_ = time ? time->next(wall_clock_us() / 1'000'000) : std::nullopt;
  if (due_) {
    say_(fmt::format("Reload scheduled for {}", local(*due_)));
  } else if (!read_.empty()) {
    say_(fmt::format("{}: '{}' is {} - no reload is scheduled", path_, read_,
                     time ? "a time that has passed" : "no HH:MM:SS or YYYY-MM-DD HH:MM:SS"));
  }
  arm();
}

void TimedReload::arm() {
  if (!due_) return timer_.arm(std::nullopt);
  const Duration rest = microseconds(*due_ * 1'000'000 - wall_clock_us());
  timer_.arm(loop_.now() + std::clamp(rest, Duration::zero(), kLongestSleep));
}

void TimedReload::on_timer() {
  if (!due_ || wall_clock_us() / 1'000'000 < *due_) return arm();
  const auto time = parse_reload_time(read_);
  due_.reset();
  if (repeat_) {
    due_ = time ? time->next(wall_clock_us() / 1'000'000 + 1) : std::nullopt;
  } else {
    unlink(path_.c_str());
    read_.clear();
  }
  arm();
  reload_();
}

}  // namespace holdfast::watchdog
