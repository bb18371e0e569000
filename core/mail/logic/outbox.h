// The mails that wait in core (behaviour.md f.6), which of them a mailer gets next, and what becomes of those it could not
// send: each is tried twice, with a pause between, then given up with a line that names server and step. The order is kept. It
// is bounded: when it is full the oldest that waits goes, which is said once and counted. One mailer at a time. The post office
// (core/mail/io/post_office.h) owns it and tells it what the mailer reports. Absent: processes, the text of a mail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace holdfast::mail {

/// A change as a child told it.
struct Alert {
  std::string subject, body;
  std::int64_t time_us = 0;  ///< wall clock, of the change
  bool operator==(const Alert&) const = default;
};

struct OutboxLimits {
  std::size_t most_waiting = 500;
  std::size_t batch = 50;       ///< mails over one connection
  Duration pause = seconds(5);  ///< before the second try
};

/// For the log.
struct OutboxLine {
  enum class How : std::uint8_t { Info, Warning, Error };
  How how = How::Info;
  std::string text;
  bool operator==(const OutboxLine&) const = default;
};

class Outbox {
 public:
  explicit Outbox(OutboxLimits limits = {}) : limits_(limits) {}

  void add(Alert alert);
  /// What a mailer should be given now; empty while one is at work, during a pause, and when nothing waits.
  std::vector<Alert> take_batch(TimePoint now);

  // ---- of the batch that was taken ----
  void sent(std::size_t letter);
  void refused(std::size_t letter, std::string why);
  /// The mailer is gone: what was not sent is tried once more or given up. `why`: server, step and reason, of those letters
  /// that were not refused by themselves.
  void ended(const std::string& why, TimePoint now);

  /// When take_batch() has something again; nothing while a mailer is at work or nothing waits.
  std::optional<TimePoint> next_deadline() const;
  bool at_work() const { return !under_way_.empty(); }
  bool empty() const { return waiting_.empty() && under_way_.empty(); }
  /// Mails that wait or are under way.
  std::size_t size() const { return waiting_.size() + under_way_.size(); }
  /// No mail can be sent any more (no server is configured, the daemon ends): drops all that waits.
  void drop_all(const std::string& why);
  /// What is to be said since the last call.
  std::vector<OutboxLine> take_lines();

 private:
  struct Entry {
    Alert alert;
    int failures = 0;
    TimePoint not_before{};
    bool sent = false;
    std::string refusal;  ///< why this letter, "" = it was not refused
  };
  void say(OutboxLine::How how, std::string text);
  void forget_losses();

  OutboxLimits limits_;
  std::deque<Entry> waiting_;
  std::vector<Entry> under_way_;
  std::size_t lost_ = 0;  ///< since the outbox was last empty
  std::vector<OutboxLine> lines_;
};

}  // namespace holdfast::mail
