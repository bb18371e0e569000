// Is a child that is alive also answering? Pings go out at a steady pace; a child that leaves one unanswered for too long is
// stuck. How long that is, its role says. If core itself slept (SIGSTOP, VM pause) nobody is blamed for the time in which nobody could be heard.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace holdfast::watchdog {

inline constexpr Duration kPingInterval = milliseconds(100);
/// A VIP hangs on it.
inline constexpr Duration kVrrpAnswerLimit = seconds(1);
/// Nothing moves while it is silent, and on a busy host a table of tens of thousands of servers may take it a second.
inline constexpr Duration kCheckerAnswerLimit = seconds(3);

class Heartbeat {
 public:
  explicit Heartbeat(Duration answer_limit) : answer_limit_(answer_limit) {}

  Duration answer_limit() const { return answer_limit_; }
  void start(TimePoint now);
  void stop();

  void answered(std::uint64_t sequence, TimePoint now);
  /// Core slept: what is outstanding counts from now on.
  void forgive(TimePoint now);
  /// A ping is due: its number.
  std::optional<std::uint64_t> ping(TimePoint now);
  bool stuck(TimePoint now) const;
  /// The child was certainly at work at this time: when the last ping that it answered was sent.
  TimePoint last_proof() const { return last_proof_; }
  std::optional<TimePoint> next_deadline() const;

 private:
  Duration answer_limit_;
  bool running_ = false;
  std::uint64_t sequence_ = 0;
  std::optional<TimePoint> asked_at_;  ///< of the ping that waits for its answer
  TimePoint sent_at_{};                ///< the same, never forgiven
  TimePoint next_ping_{};
  TimePoint last_proof_{};
};

}  // namespace holdfast::watchdog
