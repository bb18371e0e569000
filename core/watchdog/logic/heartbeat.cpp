#include "core/watchdog/logic/heartbeat.h"

namespace holdfast::watchdog {

void Heartbeat::start(TimePoint now) {
  running_ = true;
  asked_at_.reset();
  next_ping_ = now + kPingInterval;
  last_proof_ = now;
}

void Heartbeat::stop() {
  running_ = false;
  asked_at_.reset();
}

void Heartbeat::answered(std::uint64_t sequence, TimePoint now) {
  if (!running_ || !asked_at_ || sequence != sequence_) return;
  asked_at_.reset();
  last_proof_ = sent_at_;
  next_ping_ = now + kPingInterval;
}

void Heartbeat::forgive(TimePoint now) {
  if (asked_at_) asked_at_ = now;
}

std::optional<std::uint64_t> Heartbeat::ping(TimePoint now) {
  if (!running_ || asked_at_ || now < next_ping_) return std::nullopt;
  asked_at_ = now;
  sent_at_ = now;
  return ++sequence_;
}

bool Heartbeat::stuck(TimePoint now) const {
  return running_ && asked_at_ && now - *asked_at_ >= answer_limit_;
}

std::optional<TimePoint> Heartbeat::next_deadline() const {
  if (!running_) return std::nullopt;
  return asked_at_ ? *asked_at_ + answer_limit_ : next_ping_;
}

}  // namespace holdfast::watchdog
