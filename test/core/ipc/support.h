// Two ends of a link in one loop.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "core/runtime/clock.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/signals.h"
#include "core/runtime/socket.h"

namespace holdfast::test {

struct Ends {
  Ends() {
    ignore_sigpipe();
    auto pair = socket_pair();
    REQUIRE(pair);
    near = std::move(pair->first);
    far = std::move(pair->second);
  }
  UniqueFd near, far;
};

/// Runs the loop until it holds; a failure of the test when that takes a second.
inline void until(EventLoop& loop, const std::function<bool()>& done, Duration patience = seconds(2)) {
  REQUIRE(loop.run_until(done, now() + patience));
}

/// Everything that is ready is handled, nothing is waited for.
inline void settle(EventLoop& loop) {
  while (loop.run_once()) {
  }
}

}  // namespace holdfast::test
