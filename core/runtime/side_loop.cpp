#include "core/runtime/side_loop.h"

#include <cstdint>
#include <mutex>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/runtime/unique_fd.h"

namespace holdfast {

namespace {

constexpr int kPatience_ms = 200;

void ring(int event) {
  const std::uint64_t one = 1;
  static_cast<void>(!write(event, &one, sizeof one));
}

/// A real-time or favoured loop must not share its priority with its own errands.
void become_ordinary() {
  const sched_param ordinary{};
  sched_setscheduler(0, SCHED_OTHER, &ordinary);
  if (getpriority(PRIO_PROCESS, 0) < 0) setpriority(PRIO_PROCESS, 0, 0);
}

}  // namespace

/// Functions for one loop, put in by the other.
struct SideLoop::Mailbox {
  UniqueFd event{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex;
  std::vector<std::function<void()>> letters;
  bool open = true;

  void put(std::function<void()> letter) {
    const std::lock_guard lock(mutex);
    if (!open) return;
    letters.push_back(std::move(letter));
    ring(event.get());
  }
  void deliver() {
    std::uint64_t count = 0;
    static_cast<void>(!read(event.get(), &count, sizeof count));
    std::vector<std::function<void()>> due;
    {
      const std::lock_guard lock(mutex);
      due.swap(letters);
    }
    for (const auto& letter : due) letter();
  }
  void close() {
    const std::lock_guard lock(mutex);
    open = false;
    letters.clear();
  }
};

struct SideLoop::Shared {
  Mailbox to_side, to_main;
  EventLoop* side = nullptr;  ///< of the thread, for errands
  UniqueFd ended{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

SideLoop::SideLoop(EventLoop& main)
    : shared_(std::make_shared<Shared>()),
      watch_(std::make_unique<FdWatch>(main, shared_->to_main.event.get(), Ready::Read,
                                       [shared = shared_.get()] { shared->to_main.deliver(); })) {}

SideLoop::~SideLoop() {
  watch_.reset();
  shared_->to_main.close();
  if (!thread_.joinable()) return;
  shared_->to_side.put([shared = shared_.get()] { shared->side->stop(); });
  pollfd ended{shared_->ended.get(), POLLIN, 0};
  if (poll(&ended, 1, kPatience_ms) > 0)
    thread_.join();
  else
    thread_.detach();
}

void SideLoop::work(const std::shared_ptr<Shared>& shared) {
  become_ordinary();
  EventLoop loop;
  shared->side = &loop;
  const FdWatch watch(loop, shared->to_side.event.get(), Ready::Read, [&] { shared->to_side.deliver(); });
  loop.run();
  shared->to_side.close();
}

bool SideLoop::post(Errand errand) {
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([shared = shared_] {
        work(shared);
        ring(shared->ended.get());
      });
    } catch (const std::system_error&) {
      return false;
    }
  }
  shared_->to_side.put([shared = shared_.get(), errand = std::move(errand)] { errand(*shared->side); });
  return true;
}

SideLoop::Tell SideLoop::tell() const {
  return [shared = shared_](std::function<void()> what) { shared->to_main.put(std::move(what)); };
}

}  // namespace holdfast
