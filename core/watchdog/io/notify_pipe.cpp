#include "core/watchdog/io/notify_pipe.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace holdfast::watchdog {
namespace {

constexpr std::size_t kLongestLine = 4000;  // with its end below PIPE_BUF: a line is written whole or not at all
constexpr std::size_t kMostSubjects = 100'000;
constexpr mode_t kMode = 0644;
constexpr Duration kRestartDelay = seconds(5);

bool printable(const std::string& line) {
  return line.size() <= kLongestLine &&
         std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

NotifyPipe::NotifyPipe(EventLoop& loop, ScriptHost& scripts, Log log)
    : loop_(loop), scripts_(scripts), log_(std::move(log)), restart_(loop, [this] { start_reader(); }) {}

void NotifyPipe::configure(const config::NotifyFifo& next) {
  if (next == settings_) return;
  const bool same_pipe = next.path == settings_.path && next.user == settings_.user && next.group == settings_.group;
  if (!same_pipe) close();
  if (reader_) scripts_.cancel(*std::exchange(reader_, std::nullopt));
  restart_.arm(std::nullopt);
  ++readers_;
  settings_ = next;
  if (settings_.path.empty()) return;
  if (!fd_) open();
  start_reader();
}

void NotifyPipe::open() {
  const char* path = settings_.path.c_str();
  made_ = mkfifo(path, kMode) == 0;
  if (!made_ && errno != EEXIST)
    return log_(fmt::format("notify fifo {}", system_error(settings_.path, errno).message));
  // Both ends: there is no waiting for a reader and nothing written before it comes is lost.
  UniqueFd fd(::open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return log_(fmt::format("notify fifo {}", system_error(settings_.path, errno).message));
  struct stat is {};
  if (fstat(fd.get(), &is) != 0 || !S_ISFIFO(is.st_mode)) {
    return log_(fmt::format("notify fifo {}: it is there and is no fifo", settings_.path));
  }
  if (made_) {
    const auto owner = scripts_.credentials_of({{}, settings_.user, settings_.group});
    if (!owner) log_(fmt::format("notify fifo {}: {}", settings_.path, owner.error().message));
    if (fchmod(fd.get(), kMode) != 0 || (owner && fchown(fd.get(), owner->uid, owner->gid) != 0)) {
      log_(fmt::format("notify fifo {}", system_error(settings_.path, errno).message));
    }
  }
  fd_ = std::move(fd);
  writable_ = std::make_unique<FdWatch>(loop_, fd_.get(), Ready::None, [this] { work_off(); });
}

void NotifyPipe::start_reader() {
  if (settings_.script.empty() || !fd_) return;
  const std::uint64_t number = ++readers_;
  reader_ = scripts_.run_reader(settings_.script, settings_.path, [this, number](ScriptEnd end) {
    if (number != readers_) return;
    reader_.reset();
    log_(fmt::format("notify fifo script {} ended (status {}), starting it again in {} seconds",
                     settings_.script.argv.front(), end.status, kRestartDelay / seconds(1)));
    restart_.arm(loop_.now() + kRestartDelay);
  });
}

void NotifyPipe::write(const std::string& subject, const std::string& line) {
  if (!fd_) return;
  if (!printable(line))
    return log_(fmt::format("notify fifo {}: a line that cannot be written is dropped", settings_.path));
  keep(subject, line + "\n");
  if (!full_) work_off();
}

void NotifyPipe::keep(const std::string& subject, std::string line) {
  if (const auto older = pending_of_.find(subject); older != pending_of_.end()) {
    pending_.erase(older->second);
    pending_of_.erase(older);
  }
  if (pending_.size() >= kMostSubjects) return;
  pending_.push_back({subject, std::move(line)});
  pending_of_[subject] = std::prev(pending_.end());
}

void NotifyPipe::work_off() {
  while (!pending_.empty()) {
    const std::string& line = pending_.front().line;
    const ssize_t written = ::write(fd_.get(), line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      if (errno != EAGAIN) log_(fmt::format("notify fifo {}", system_error(settings_.path, errno).message));
      if (!std::exchange(full_, true)) {
        log_(fmt::format("notify fifo {} is full: the newest state of each is kept until it is read", settings_.path));
      }
      return writable_->set(Ready::Write);
    }
    pending_of_.erase(pending_.front().subject);
    pending_.pop_front();
  }
  full_ = false;
  writable_->set(Ready::None);
}

void NotifyPipe::close() {
  ++readers_;
  if (reader_) scripts_.cancel(*std::exchange(reader_, std::nullopt));
  restart_.arm(std::nullopt);
  writable_.reset();
  fd_.reset();
  full_ = false;
  pending_.clear();
  pending_of_.clear();
  if (std::exchange(made_, false)) unlink(settings_.path.c_str());
}

}  // namespace holdfast::watchdog
