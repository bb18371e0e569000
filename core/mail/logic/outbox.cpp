#include "core/mail/logic/outbox.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace holdfast::mail {

void Outbox::say(OutboxLine::How how, std::string text) {
  lines_.push_back({how, std::move(text)});
}

void Outbox::add(Alert alert) {
  if (waiting_.size() >= limits_.most_waiting) {
    waiting_.pop_front();
    if (++lost_ == 1)
      say(OutboxLine::How::Error,
          fmt::format("{} SMTP alerts wait to be sent: the oldest are dropped from now on", limits_.most_waiting));
  }
  waiting_.push_back({std::move(alert), 0, {}, false, {}});
}

std::vector<Alert> Outbox::take_batch(TimePoint now) {
  std::vector<Alert> batch;
  if (at_work()) return batch;
  while (!waiting_.empty() && batch.size() < limits_.batch && waiting_.front().not_before <= now) {
    batch.push_back(waiting_.front().alert);
    under_way_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void Outbox::sent(std::size_t letter) {
  if (letter >= under_way_.size() || under_way_[letter].sent) return;
  under_way_[letter].sent = true;
  say(OutboxLine::How::Info, "SMTP alert successfully sent.");
}

void Outbox::refused(std::size_t letter, std::string why) {
  if (letter < under_way_.size()) under_way_[letter].refusal = std::move(why);
}

void Outbox::ended(const std::string& why, TimePoint now) {
  std::vector<Entry> done = std::exchange(under_way_, {});
  std::erase_if(done, [](const Entry& entry) { return entry.sent; });
  std::size_t again = 0;
  std::string reason = why;
  for (auto entry = done.rbegin(); entry != done.rend(); ++entry) {
    const std::string& cause = entry->refusal.empty() ? why : entry->refusal;
    if (++entry->failures > 1) continue;
    entry->not_before = now + limits_.pause;
    reason = cause;
    entry->refusal.clear();
    waiting_.push_front(std::move(*entry));
    ++again;
  }
  for (const Entry& entry : done) {
    if (entry.failures < 2) continue;
    say(OutboxLine::How::Error, fmt::format("SMTP alert \"{}\" could not be sent, given up: {}", entry.alert.subject,
                                            entry.refusal.empty() ? why : entry.refusal));
  }
  if (again > 0) {
    say(OutboxLine::How::Warning, fmt::format("{} SMTP alert{} could not be sent, trying again in {} seconds: {}",
                                              again, again == 1 ? "" : "s", limits_.pause / seconds(1), reason));
  }
  forget_losses();
}

void Outbox::forget_losses() {
  if (!empty() || lost_ == 0) return;
  say(OutboxLine::How::Error, fmt::format("{} SMTP alerts were dropped because too many waited", lost_));
  lost_ = 0;
}

std::optional<TimePoint> Outbox::next_deadline() const {
  if (at_work() || waiting_.empty()) return std::nullopt;
  return waiting_.front().not_before;
}

void Outbox::drop_all(const std::string& why) {
  const std::size_t dropped = size();
  waiting_.clear();
  under_way_.clear();
  if (dropped > 0) {
    say(OutboxLine::How::Warning,
        fmt::format("{} SMTP alert{} not sent: {}", dropped, dropped == 1 ? " was" : "s were", why));
  }
  forget_losses();
}

std::vector<OutboxLine> Outbox::take_lines() {
  return std::exchange(lines_, {});
}

}  // namespace holdfast::mail
