#include "core/runtime/event_loop.h"

#include <catch2/catch.hpp>
#include <unistd.h>
#include <vector>

#include "core/runtime/clock.h"
#include "core/runtime/socket.h"

using namespace holdfast;

namespace {

struct Pipe {
  UniqueFd reader, writer;
  Pipe() {
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    reader.reset(fds[0]);
    writer.reset(fds[1]);
  }
  void fill() const { REQUIRE(write(writer.get(), "x", 1) == 1); }
  void drain() const {
    char c = 0;
    REQUIRE(read(reader.get(), &c, 1) == 1);
  }
};

}  // namespace

TEST_CASE("watch_calls_back_while_readable_and_not_after") {
  EventLoop loop;
  Pipe pipe;
  int calls = 0;
  FdWatch watch(loop, pipe.reader.get(), Ready::Read, [&] {
    ++calls;
    pipe.drain();
  });
  CHECK_FALSE(loop.run_once());
  pipe.fill();
  CHECK(loop.run_once());
  CHECK_FALSE(loop.run_once());
  CHECK(calls == 1);
}

TEST_CASE("interest_can_be_changed_and_paused") {
  EventLoop loop;
  auto pair = socket_pair();
  REQUIRE(pair);
  int calls = 0;
  FdWatch watch(loop, pair->first.get(), Ready::Read, [&] { ++calls; });
  CHECK_FALSE(loop.run_once());
  watch.set(Ready::Read | Ready::Write);
  CHECK(loop.run_once());
  watch.set(Ready::None);
  CHECK_FALSE(loop.run_once());
  CHECK(calls == 1);
}

TEST_CASE("callback_may_destroy_its_own_watch") {
  EventLoop loop;
  Pipe pipe;
  const auto witness = std::make_shared<int>(0);
  std::unique_ptr<FdWatch> watch;
  watch = std::make_unique<FdWatch>(loop, pipe.reader.get(), Ready::Read, [&watch, witness] {
    watch.reset();
    ++*witness;  // captured state must outlive the watch until the callback returns
  });
  pipe.fill();
  loop.run_once();
  CHECK(*witness == 1);
  CHECK_FALSE(loop.run_once());
  CHECK(witness.use_count() == 1);
}

TEST_CASE("callback_may_destroy_another_watch_that_is_ready_too") {
  EventLoop loop;
  Pipe a;
  Pipe b;
  a.fill();
  b.fill();
  int calls = 0;
  std::unique_ptr<FdWatch> first;
  std::unique_ptr<FdWatch> second;
  first = std::make_unique<FdWatch>(loop, a.reader.get(), Ready::Read, [&] {
    ++calls;
    first.reset();
    second.reset();
  });
  second = std::make_unique<FdWatch>(loop, b.reader.get(), Ready::Read, [&] {
    ++calls;
    first.reset();
    second.reset();
  });
  loop.run_once();
  CHECK(calls == 1);
}

TEST_CASE("callback_may_destroy_its_own_timer") {
  EventLoop loop;
  std::unique_ptr<DeadlineTimer> timer;
  bool fired = false;
  timer = std::make_unique<DeadlineTimer>(loop, [&timer, &fired] {
    timer.reset();
    fired = true;
  });
  timer->arm(loop.now());
  CHECK(loop.run_until([&] { return fired; }, loop.now() + seconds(5)));
}

TEST_CASE("timer_armed_in_the_past_fires_at_once_and_once") {
  EventLoop loop;
  int fired = 0;
  DeadlineTimer timer(loop, [&] { ++fired; });
  timer.arm(from_us(0));
  CHECK(loop.run_until([&] { return fired > 0; }, loop.now() + seconds(5)));
  CHECK_FALSE(loop.run_once());
  CHECK(fired == 1);
}

TEST_CASE("timer_is_not_early_and_may_be_armed_again_with_the_same_value") {
  EventLoop loop;
  int fired = 0;
  DeadlineTimer timer(loop, [&] { ++fired; });
  const TimePoint when = loop.now() + milliseconds(5);
  timer.arm(when);
  timer.arm(when);
  CHECK(loop.run_until([&] { return fired == 1; }, loop.now() + seconds(5)));
  CHECK(loop.now() >= when);
  timer.arm(when);
  CHECK(loop.run_until([&] { return fired == 2; }, loop.now() + seconds(5)));
}

TEST_CASE("disarmed_timer_stays_silent_even_when_it_has_expired_already") {
  EventLoop loop;
  int fired = 0;
  DeadlineTimer timer(loop, [&] { ++fired; });
  timer.arm(loop.now());
  timer.arm(std::nullopt);
  CHECK_FALSE(loop.run_once());
  CHECK(fired == 0);
}

TEST_CASE("stop_ends_run") {
  EventLoop loop;
  DeadlineTimer timer(loop, [&] { loop.stop(); });
  DeadlineTimer never(loop, [] { FAIL("fired"); });
  never.arm(loop.now() + seconds(60));
  timer.arm(loop.now());
  loop.run();
  SUCCEED();
}

TEST_CASE("run_until_gives_up_at_its_deadline") {
  EventLoop loop;
  CHECK_FALSE(loop.run_until([] { return false; }, loop.now() + milliseconds(2)));
}
