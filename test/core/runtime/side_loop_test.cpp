#include "core/runtime/side_loop.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <unistd.h>

using namespace holdfast;

TEST_CASE("errands run beside the loop, in their order, and their news come back in theirs") {
  EventLoop loop;
  SideLoop side(loop);
  const auto tell = side.tell();
  const std::thread::id here = std::this_thread::get_id();
  std::vector<int> heard;
  bool beside = true, back = true;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(side.post([&, i](EventLoop&) {
      beside = beside && std::this_thread::get_id() != here;
      tell([&, i] {
        back = back && std::this_thread::get_id() == here;
        heard.push_back(i);
      });
    }));
  }
  REQUIRE(loop.run_until([&] { return heard.size() == 3; }, loop.now() + seconds(10)));
  CHECK(heard == std::vector{0, 1, 2});
  CHECK(beside);
  CHECK(back);
}

TEST_CASE("an errand may use the loop of its thread") {
  EventLoop loop;
  SideLoop side(loop);
  const auto tell = side.tell();
  bool rang = false;
  auto timer = std::make_shared<std::unique_ptr<DeadlineTimer>>();
  side.post([&, timer](EventLoop& other) {
    *timer = std::make_unique<DeadlineTimer>(other, [&, tell] { tell([&] { rang = true; }); });
    (*timer)->arm(other.now() + milliseconds(1));
  });
  REQUIRE(loop.run_until([&] { return rang; }, loop.now() + seconds(10)));
  side.post([timer](EventLoop&) { timer->reset(); });
}

TEST_CASE("a thread that hangs holds nobody up") {
  EventLoop loop;
  std::atomic<bool> done = false, begun = false;
  auto side = std::make_unique<SideLoop>(loop);
  const auto tell = side->tell();
  side->post([&](EventLoop&) {
    begun = true;
    while (!done) usleep(1000);
  });
  while (!begun) usleep(1000);
  const TimePoint before = loop.now();
  side.reset();
  CHECK(loop.now() < before + seconds(5));
  tell([] { FAIL("nobody listens any more"); });
  loop.run_until([] { return false; }, loop.now() + milliseconds(20));
  done = true;
  usleep(20000);  // the thread that was left behind must be gone before its variables
}

TEST_CASE("a loop without errands has no thread to end") {
  EventLoop loop;
  const SideLoop side(loop);
  CHECK(side.tell());
}
