#include "core/watchdog/logic/child.h"

#include <algorithm>

namespace holdfast::watchdog {

const char* name(ChildState state) {
  switch (state) {
    case ChildState::Absent:
      return "absent";
    case ChildState::Waiting:
      return "waiting";
    case ChildState::AwaitingOrphan:
      return "awaiting-orphan";
    case ChildState::Starting:
      return "starting";
    case ChildState::Running:
      return "running";
    case ChildState::Disconnected:
      return "disconnected";
    case ChildState::Killed:
      return "killed";
    case ChildState::Stopping:
      return "stopping";
  }
  return "?";
}

bool Child::alive() const {
  return state_ != ChildState::Absent && state_ != ChildState::Waiting;
}

void Child::enter(ChildState next, std::optional<TimePoint> limit) {
  state_ = next;
  limit_ = limit;
}

void Child::await_orphan(std::int32_t pid, TimePoint now) {
  pid_ = pid;
  enter(ChildState::AwaitingOrphan, now + kOrphanLimit);
}

void Child::begin_start(TimePoint now) {
  if (state_ == ChildState::Waiting) ++restarts_;
  pid_ = 0;
  started_at_ = now;
  generation = 0;
  asked.reset();
  spoke_at_.reset();
  was_ready_ = false;
  enter(ChildState::Starting, now + kStartLimit);
}

void Child::adopted(std::int32_t pid, TimePoint now) {
  pid_ = pid;
  started_at_ = now;
  was_ready_ = true;
  ready_at_ = now;
  enter(ChildState::Running, std::nullopt);
  heartbeat.start(now);
}

void Child::ready(std::uint64_t in_force, TimePoint now) {
  generation = in_force;
  if (state_ != ChildState::Starting) return;
  was_ready_ = true;
  ready_at_ = now;
  enter(ChildState::Running, std::nullopt);
  heartbeat.start(now);
}

void Child::disconnected(TimePoint now) {
  heartbeat.stop();
  enter(ChildState::Disconnected, now + kExitLimit);
}

void Child::kill(TimePoint now) {
  heartbeat.stop();
  enter(ChildState::Killed, now + kAbortGrace);
}

void Child::stop(Duration patience, TimePoint now) {
  heartbeat.stop();
  enter(ChildState::Stopping, now + patience);
}

void Child::forgive(TimePoint now) {
  heartbeat.forgive(now);
  const bool expected_to_speak =
      state_ == ChildState::Starting || state_ == ChildState::AwaitingOrphan || state_ == ChildState::Stopping;
  if (expected_to_speak && limit_) limit_ = std::max(*limit_, now + kForgiveness);
}

/// No advert of this child left later than this.
TimePoint Child::last_at_work(TimePoint now) const {
  // What ends before it said anything has sent nothing: the death before it is the one that counts.
  if (state_ == ChildState::AwaitingOrphan) return now;
  if (!was_ready_) return spoke_at_ ? now : died_at_;
  const TimePoint proof = heartbeat.last_proof();
  const bool unheard = state_ == ChildState::Killed || now - proof > kUnheardLimit;
  return unheard ? std::max(proof, spoke_at_.value_or(proof)) : now;
}

Duration Child::restart_delay(TimePoint now) {
  if (!was_ready_) return backoff_.after_failure(started_at_, now);
  backoff_ = {};  // starting works
  if (now - ready_at_ >= kUsefulLife) return Duration::zero();
  return std::min(short_lives_.after_failure(started_at_, now), kLongestDelayOfServing);
}

void Child::died(const std::string& how, TimePoint now) {
  died_at_ = last_at_work(now);
  heartbeat.stop();
  asked.reset();
  last_death_ = how;
  backoff_delay_ = restart_delay(now);
  enter(ChildState::Waiting, now + backoff_delay_);
}

Duration Child::wait(TimePoint now) {
  Duration delay = backoff_delay_;
  if (const auto due = will.next_due(); due && *due > now)
    delay = std::min(delay, std::max((*due - now) / 4, kShortestWait));
  limit_ = now + delay;
  return delay;
}

void Child::gone() {
  heartbeat.stop();
  asked.reset();
  pid_ = 0;
  enter(ChildState::Absent, std::nullopt);
}

}  // namespace holdfast::watchdog
