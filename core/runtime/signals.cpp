#include "core/runtime/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/assert.h"

namespace holdfast {

namespace {

sigset_t set_of(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

SignalWatch::SignalWatch(EventLoop& loop, const std::vector<int>& signals, std::function<void(int)> callback)
    : callback_(std::move(callback)), alive_(std::make_shared<bool>(true)) {
  block_signals(signals);
  const sigset_t set = set_of(signals);
  fd_.reset(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  ASSERT(fd_);
  watch_ = std::make_unique<FdWatch>(loop, fd_.get(), Ready::Read, [this] { read_all(); });
}

SignalWatch::~SignalWatch() {
  *alive_ = false;
}

void SignalWatch::read_all() {
  const auto alive = alive_;
  const auto callback = callback_;
  signalfd_siginfo information{};
  while (*alive && read(fd_.get(), &information, sizeof information) == sizeof information) {
    callback(static_cast<int>(information.ssi_signo));
  }
}

void reset_signals_for_exec() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void block_signals(const std::vector<int>& signals) {
  const sigset_t set = set_of(signals);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

void ignore_sigpipe() {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

}  // namespace holdfast
