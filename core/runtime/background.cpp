#include "core/runtime/background.h"

#include <cstdint>
#include <sched.h>
#include <sys/eventfd.h>
#include <system_error>
#include <utility>

#include "core/base/assert.h"

namespace holdfast {
namespace {

void tell(int event) {
  const std::uint64_t one = 1;
  static_cast<void>(!write(event, &one, sizeof one));
}

}  // namespace

Background::Background(EventLoop& loop)
    : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), watch_(loop, event_.get(), Ready::Read, [this] { finished(); }) {}

Background::~Background() {
  if (thread_.joinable()) thread_.join();
}

void Background::run(std::function<void()> work, std::function<void()> done) {
  ASSERT(!busy());
  done_ = std::move(done);
  try {
    thread_ = std::thread([work, event = event_.get()] {
      // A real-time loop must not share its priority with its own errands.
      const sched_param ordinary{};
      sched_setscheduler(0, SCHED_OTHER, &ordinary);
      work();
      tell(event);
    });
  } catch (const std::system_error&) {
    work();
    tell(event_.get());
  }
}

void Background::finished() {
  std::uint64_t count = 0;
  static_cast<void>(!read(event_.get(), &count, sizeof count));
  if (thread_.joinable()) thread_.join();
  if (const auto done = std::exchange(done_, nullptr)) done();
}

}  // namespace holdfast
