#include "core/runtime/signals.h"

#include <catch2/catch.hpp>
#include <signal.h>

using namespace holdfast;

TEST_CASE("signals_arrive_as_events") {
  EventLoop loop;
  std::vector<int> seen;
  SignalWatch watch(loop, {SIGUSR1, SIGUSR2}, [&](int signal) { seen.push_back(signal); });
  raise(SIGUSR2);
  raise(SIGUSR1);
  CHECK(seen.empty());
  loop.run_once();
  CHECK(seen == std::vector<int>{SIGUSR1, SIGUSR2});
}

TEST_CASE("callback_may_destroy_its_signal_watch_while_more_signals_wait") {
  EventLoop loop;
  int calls = 0;
  std::unique_ptr<SignalWatch> watch;
  watch = std::make_unique<SignalWatch>(loop, std::vector<int>{SIGUSR1, SIGUSR2}, [&](int) {
    watch.reset();
    ++calls;
  });
  raise(SIGUSR1);
  raise(SIGUSR2);
  loop.run_once();
  CHECK(calls == 1);
}
