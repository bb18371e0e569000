#include "core/watchdog/io/process_watch.h"

#include <cerrno>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace holdfast::watchdog {
namespace {

constexpr Duration kPollInterval = milliseconds(100);
constexpr long kPidfdOpen = 434;  // SYS_pidfd_open, which older headers lack

}  // namespace

ProcessWatch::ProcessWatch(EventLoop& loop, std::function<void(pid_t)> on_end)
    : loop_(loop), on_end_(std::move(on_end)), timer_(loop, [this] { poll(); }) {}

void ProcessWatch::add(pid_t pid) {
  const auto [at, added] = watched_.try_emplace(pid);
  if (!added) return;
  Watched& watched = at->second;
  watched.pidfd = UniqueFd(static_cast<int>(syscall(kPidfdOpen, pid, 0)));
  if (watched.pidfd) {
    watched.watch = std::make_unique<FdWatch>(loop_, watched.pidfd.get(), Ready::Read, [this, pid] { ended(pid); });
  } else {
    timer_.arm(loop_.now() + kPollInterval);
  }
}

void ProcessWatch::ended(pid_t pid) {
  watched_.erase(pid);
  on_end_(pid);
}

void ProcessWatch::poll() {
  std::vector<pid_t> gone;
  bool polled = false;
  for (const auto& [pid, watched] : watched_) {
    if (watched.pidfd) continue;
    if (kill(pid, 0) != 0 && errno == ESRCH)
      gone.push_back(pid);
    else
      polled = true;
  }
  for (const pid_t pid : gone) ended(pid);
  if (polled) timer_.arm(loop_.now() + kPollInterval);
}

}  // namespace holdfast::watchdog
