// One child of the watchdog through its lives: absent → starting → running → stopping, back-off between a death and the next
// start, and the way back of an orphan. engine decides when; this file keeps what is true of the child, and is the only one
// to assign its state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/backoff.h"
#include "core/base/time.h"
#include "core/watchdog/logic/events.h"
#include "core/watchdog/logic/heartbeat.h"
#include "core/watchdog/logic/last_will.h"

namespace holdfast::watchdog {

enum class ChildState : std::uint8_t {
  Absent,          ///< not wanted, or gone for good
  Waiting,         ///< died; the next start is due at restart_at
  AwaitingOrphan,  ///< lives without a link; it will knock, or be ended at give_up_at
  Starting,        ///< spawned, not yet Ready; given up at give_up_at
  Running,
  Disconnected,  ///< its link broke: an exit is expected at once, and forced at give_up_at
  Killed,        ///< SIGABRT sent, SIGKILL follows at give_up_at
  Stopping,      ///< asked to leave; SIGKILL at give_up_at
};
const char* name(ChildState state);

/// How long a child may take from its spawn to Ready.
inline constexpr Duration kStartLimit = seconds(10);
/// How long an orphan may take to knock: it tries every 100 ms.
inline constexpr Duration kOrphanLimit = seconds(3);
/// From the end of a link to the exit that explains it.
inline constexpr Duration kExitLimit = milliseconds(50);
/// A crash loop with a VIP at stake does not start children faster than this.
inline constexpr Duration kShortestWait = milliseconds(10);
/// A running child that has not been heard for longer than this when it dies was not at work in that time, or core was not.
inline constexpr Duration kUnheardLimit = kPingInterval + milliseconds(300);
/// What a child gets on top when core slept through its limit.
inline constexpr Duration kForgiveness = seconds(1);
/// A child that served for this long was killed or met one accident: its successor starts at once, and nothing is counted.
inline constexpr Duration kUsefulLife = milliseconds(250);
/// One that served at all keeps its VIPs by being started again, however often it falls: it waits no longer than this.
inline constexpr Duration kLongestDelayOfServing = milliseconds(100);
/// From SIGABRT, which leaves a core dump, to SIGKILL, which also ends a stopped process.
inline constexpr Duration kAbortGrace = milliseconds(50);

class Child {
 public:
  explicit Child(Role role) : heartbeat(role == Role::Vrrp ? kVrrpAnswerLimit : kCheckerAnswerLimit), role_(role) {}

  Role role() const { return role_; }
  ChildState state() const { return state_; }
  /// There is a process, or there may be one.
  bool alive() const;
  std::int32_t pid() const { return pid_; }
  TimePoint started_at() const { return started_at_; }
  int restarts() const { return restarts_; }
  const std::string& last_death() const { return last_death_; }
  TimePoint died_at() const { return died_at_; }

  void await_orphan(std::int32_t pid, TimePoint now);
  void begin_start(TimePoint now);
  void spawned(std::int32_t pid) { pid_ = pid; }
  void adopted(std::int32_t pid, TimePoint now);
  void ready(std::uint64_t generation, TimePoint now);
  /// It said something that only a child at work says; once it is Running, the heartbeat tells more.
  void spoke(TimePoint now) { spoke_at_ = now; }
  /// Core slept: what the child has not said in that time is not held against it.
  void forgive(TimePoint now);
  void disconnected(TimePoint now);
  void kill(TimePoint now);
  void stop(Duration patience, TimePoint now);
  /// SIGKILL has been sent; it is repeated each second until the exit is seen.
  void retry_kill(TimePoint now) { limit_ = now + seconds(1); }
  void died(const std::string& how, TimePoint now);
  /// Waiting: sets when the next start is due, and tells how long that is. The back-off of DESIGN §5, but while a VIP can still
  /// be kept (a last will falls due later) never more than a quarter of the time that is left.
  Duration wait(TimePoint now);
  void gone();

  /// A process that no record file and no ping vouches for is taken to have been at work until it died.
  void set_died_at(TimePoint at) { died_at_ = at; }
  /// Waiting: the next start; AwaitingOrphan, Starting, Killed, Stopping: when patience ends.
  std::optional<TimePoint> limit() const { return limit_; }

  Heartbeat heartbeat;
  LastWill will;
  std::uint64_t generation = 0;        ///< in force
  std::optional<std::uint64_t> asked;  ///< Prepare sent, no answer yet

 private:
  void enter(ChildState next, std::optional<TimePoint> limit);
  Duration restart_delay(TimePoint now);
  TimePoint last_at_work(TimePoint now) const;

  Role role_;
  ChildState state_ = ChildState::Absent;
  std::int32_t pid_ = 0;
  Backoff backoff_;      ///< deaths before it served, since it served last
  Backoff short_lives_;  ///< deaths soon after
  Duration backoff_delay_{};
  TimePoint started_at_{};
  TimePoint died_at_{};
  std::optional<TimePoint> spoke_at_;  ///< in this life
  bool was_ready_ = false;             ///< in this life
  TimePoint ready_at_{};               ///< when it became so
  std::optional<TimePoint> limit_;
  int restarts_ = 0;
  std::string last_death_;
};

}  // namespace holdfast::watchdog
