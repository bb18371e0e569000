// Core's side of mail (behaviour.md f.6): gives what waits in the outbox to a mailer process, one at a time, believes its
// reports, ends it when its time is over, and says in the log what became of each mail. Owned by the watchdog process, which
// hands it the children's alerts, its settings and every child that has ended. Nothing here waits for anything.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/global_defs.h"
#include "core/ipc/channel.h"
#include "core/log/logger.h"
#include "core/mail/logic/outbox.h"
#include "core/runtime/child_process.h"
#include "core/runtime/event_loop.h"
#include "proto/mail.pb.h"
#include "proto/supervision.pb.h"

namespace holdfast::mail {

class PostOffice {
 public:
  /// `arguments`: the command line of a mailer; the executable is our own image.
  PostOffice(EventLoop& loop, Logger& logger, std::vector<std::string> arguments, OutboxLimits limits = {});

  /// Holds from the next mailer on.
  void configure(const config::GlobalDefs& globals);
  void post(const proto::Alert& alert);
  /// True when the child was a mailer.
  bool on_exit(const Exit& exit);
  /// The daemon ends: `done` is called, later, once nothing waits any more, at the latest after `limit`.
  void finish(Duration limit, std::function<void()> done);
  const Outbox& outbox() const { return outbox_; }

 private:
  void warn_of_addresses();
  void work();
  void launch();
  void on_frame(const std::string& frame);
  void on_report(const proto::MailReport& report);
  void on_deadline();
  void close_mailer(const std::string& why);
  void say_lines();
  proto::MailJob job(const std::vector<Alert>& batch) const;
  std::string where(const proto::MailReport& report) const;

  EventLoop& loop_;
  Logger& logger_;
  std::vector<std::string> arguments_;
  Outbox outbox_;
  DeadlineTimer timer_;

  config::MailSettings settings_;
  std::string router_id_;
  std::string local_name_;

  pid_t mailer_ = 0;
  std::unique_ptr<Channel> channel_;
  std::optional<TimePoint> kill_at_;
  bool killed_ = false;
  std::string at_step_;  ///< what the mailer was doing when it was last heard
  std::string why_;      ///< why it broke off, "" = it did not say

  std::optional<TimePoint> finish_at_;
  std::function<void()> finished_;
};

/// Of one mailer: four times what one step may take, for the look-up and all steps together.
inline Duration mailer_limit(Duration connect_timeout) {
  return 4 * connect_timeout;
}

/// RFC 5322 §3.3 in the local zone, as keepalived writes it.
std::string mail_date(std::int64_t wall_us);

}  // namespace holdfast::mail
