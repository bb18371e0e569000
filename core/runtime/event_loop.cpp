#include "core/runtime/event_loop.h"

#include <sys/timerfd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-aliasing"
#include <ev.h>
#pragma GCC diagnostic pop

#include <cerrno>
#include <utility>

#include "core/base/assert.h"
#include "core/runtime/clock.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

struct EventLoop::Impl {
  struct ev_loop* loop = nullptr;
  unsigned long callbacks = 0;
};

namespace {

int libev_events(Ready what) {
  int events = 0;
  if ((what & Ready::Read) != Ready::None) events |= EV_READ;
  if ((what & Ready::Write) != Ready::None) events |= EV_WRITE;
  return events;
}

}  // namespace

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {
  impl_->loop = ev_loop_new(unsigned{EVBACKEND_EPOLL} | unsigned{EVFLAG_NOENV});
  ASSERT(impl_->loop != nullptr);
}

EventLoop::~EventLoop() {
  ev_loop_destroy(impl_->loop);
}

TimePoint EventLoop::now() const {
  return holdfast::now();
}

void EventLoop::run() {
  ev_run(impl_->loop, 0);
}

void EventLoop::stop() {
  ev_break(impl_->loop, EVBREAK_ONE);
}

bool EventLoop::run_once() {
  const unsigned long before = impl_->callbacks;
  ev_run(impl_->loop, EVRUN_NOWAIT);
  return impl_->callbacks != before;
}

bool EventLoop::run_until(const std::function<bool()>& done, TimePoint deadline) {
  DeadlineTimer wake(*this, [] {});
  wake.arm(deadline);
  while (!done()) {
    if (now() >= deadline) return false;
    ev_run(impl_->loop, EVRUN_ONCE);
  }
  return true;
}

struct FdWatch::Impl {
  ev_io io{};
  EventLoop::Impl* owner = nullptr;
  Ready what = Ready::None;
  std::shared_ptr<std::function<void()>> callback;

  void start() {
    if (what != Ready::None) ev_io_start(owner->loop, &io);
  }

  static void on_ready(struct ev_loop*, ev_io* io, int) {
    auto* self = static_cast<Impl*>(io->data);
    ++self->owner->callbacks;
    const auto keep = self->callback;  // the callback may destroy the watch it belongs to
    (*keep)();
  }
};

FdWatch::FdWatch(EventLoop& loop, int fd, Ready what, std::function<void()> callback)
    : impl_(std::make_unique<Impl>()) {
  impl_->owner = loop.impl_.get();
  impl_->what = what;
  impl_->callback = std::make_shared<std::function<void()>>(std::move(callback));
  ev_io_init(&impl_->io, &Impl::on_ready, fd, libev_events(what));
  impl_->io.data = impl_.get();
  impl_->start();
}

FdWatch::~FdWatch() {
  ev_io_stop(impl_->owner->loop, &impl_->io);
}

void FdWatch::set(Ready what) {
  if (what == impl_->what) return;
  ev_io_stop(impl_->owner->loop, &impl_->io);
  impl_->what = what;
  ev_io_set(&impl_->io, impl_->io.fd, libev_events(what));
  impl_->start();
}

struct DeadlineTimer::Impl {
  UniqueFd fd;
  std::optional<TimePoint> armed;
  std::shared_ptr<std::function<void()>> callback;
  std::unique_ptr<FdWatch> watch;

  void on_ready() {
    std::uint64_t expirations = 0;
    if (read(fd.get(), &expirations, sizeof expirations) != sizeof expirations) return;  // re-armed meanwhile
    armed.reset();
    const auto keep = callback;  // the callback may destroy this timer
    (*keep)();
  }
};

DeadlineTimer::DeadlineTimer(EventLoop& loop, std::function<void()> callback) : impl_(std::make_unique<Impl>()) {
  impl_->fd.reset(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  ASSERT(impl_->fd);
  impl_->callback = std::make_shared<std::function<void()>>(std::move(callback));
  impl_->watch =
      std::make_unique<FdWatch>(loop, impl_->fd.get(), Ready::Read, [impl = impl_.get()] { impl->on_ready(); });
}

DeadlineTimer::~DeadlineTimer() = default;

void DeadlineTimer::arm(std::optional<TimePoint> when) {
  if (when == impl_->armed) return;
  impl_->armed = when;
  itimerspec setting{};
  if (when) {
    const std::int64_t us = std::max<std::int64_t>(to_us(*when), 1);  // all zeros would disarm
    setting.it_value.tv_sec = us / 1'000'000;
    setting.it_value.tv_nsec = us % 1'000'000 * 1000;
  }
  timerfd_settime(impl_->fd.get(), TFD_TIMER_ABSTIME, &setting, nullptr);
}

}  // namespace holdfast
