#include "core/mail/io/post_office.h"

#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "core/mail/io/local_name.h"
#include "core/mail/logic/message.h"
#include "core/mail/logic/reply.h"
#include "core/runtime/socket.h"
#include "core/runtime/users.h"

namespace holdfast::mail {
namespace {

using Report = proto::MailReport;

constexpr std::size_t kReportLimit = 64U << 10;
constexpr std::size_t kQueueLimit = 32U << 20;
constexpr Duration kGrace = milliseconds(500);  // a mailer ends by itself at its limit, unless it hangs

Address sender_of(const config::MailSettings& settings, const std::string& local) {
  if (auto given = parse_address(settings.from)) return *std::move(given);
  return {{}, user_name(geteuid()).value_or("keepalived") + "@" + local};
}

}  // namespace

std::string mail_date(std::int64_t wall_us) {
  const std::time_t seconds_since_1970 = wall_us / 1'000'000;
  std::tm local{};
  localtime_r(&seconds_since_1970, &local);
  char text[64] = "";
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S %z", &local);
  return text;
}

PostOffice::PostOffice(EventLoop& loop, Logger& logger, std::vector<std::string> arguments, OutboxLimits limits)
    : loop_(loop), logger_(logger), arguments_(std::move(arguments)), outbox_(limits), timer_(loop, [this] {
        on_deadline();
      }) {}

void PostOffice::configure(const config::GlobalDefs& globals) {
  settings_ = globals.mail;
  if (!settings_.possible()) return;
  warn_of_addresses();
  local_name_ = local_name();
  router_id_ = globals.router_id.empty() ? local_name_ : globals.router_id;
}

/// The configuration takes any words.
void PostOffice::warn_of_addresses() {
  const auto check = [this](const char* keyword, const std::string& text) {
    if (!parse_address(text)) logger_.warning(fmt::format("{}: '{}' is no mail address - ignoring", keyword, text));
  };
  for (const std::string& recipient : settings_.recipients) check("notification_email", recipient);
  if (!settings_.from.empty()) check("notification_email_from", settings_.from);
}

void PostOffice::post(const proto::Alert& alert) {
  if (!settings_.possible()) return;
  outbox_.add({fmt::format("[{}] {}", router_id_, alert.subject()), alert.body(), alert.time_us()});
  work();
}

// ---- a mailer's life ------------------------------------------------------------------------------------------------

void PostOffice::work() {
  if (!settings_.possible()) outbox_.drop_all("no smtp_server or no notification_email any more");
  if (!outbox_.at_work() && outbox_.next_deadline() && *outbox_.next_deadline() <= loop_.now()) launch();
  say_lines();
  if (outbox_.empty() && finished_) {
    finish_at_ = loop_.now();  // `finished_` is called from the timer: never inside a caller of ours
  }
  std::optional<TimePoint> due = kill_at_ ? kill_at_ : outbox_.next_deadline();
  if (finish_at_ && (!due || *finish_at_ < *due)) due = finish_at_;
  timer_.arm(due);
}

proto::MailJob PostOffice::job(const std::vector<Alert>& batch) const {
  Message message{sender_of(settings_, local_name_), {}, {}, {}, {}};
  for (const std::string& recipient : settings_.recipients) {
    if (auto address = parse_address(recipient)) message.to.push_back(*std::move(address));
  }
  proto::MailJob job;
  job.set_server(settings_.server);
  job.set_port(settings_.port);
  job.set_helo(settings_.helo_name.empty() ? local_name_ : settings_.helo_name);
  job.set_sender(message.from.address);
  for (const Address& address : message.to) job.add_recipients(address.address);
  for (const Alert& alert : batch) {
    message.subject = alert.subject;
    message.body = alert.body;
    message.date = mail_date(alert.time_us);
    job.add_letters(message_text(message));
  }
  job.set_step_timeout_us(settings_.connect_timeout.count());
  job.set_total_timeout_us(mailer_limit(settings_.connect_timeout).count());
  return job;
}

void PostOffice::launch() {
  const std::vector<Alert> batch = outbox_.take_batch(loop_.now());
  const proto::MailJob letters = job(batch);
  if (letters.recipients_size() == 0) return outbox_.ended("no address in notification_email", loop_.now());
  auto pair = socket_pair();
  if (!pair) return outbox_.ended(pair.error().message, loop_.now());
  SpawnOptions options;
  options.executable = "/proc/self/exe";
  options.argv = arguments_;
  options.environment = environment_without({"NOTIFY_SOCKET"});
  options.inherit_fd = pair->second.get();
  options.null_stdio = true;
  options.working_directory = "/";
  auto pid = spawn(options);
  if (!pid) return outbox_.ended(pid.error().message, loop_.now());
  mailer_ = *pid;
  killed_ = false;
  at_step_ = "starting";
  why_.clear();
  kill_at_ = loop_.now() + mailer_limit(settings_.connect_timeout) + kGrace;
  Channel::Callbacks callbacks;
  callbacks.on_frame = [this](const std::string& frame) { on_frame(frame); };
  callbacks.on_close = [](const std::string&) {};  // it ends: on_exit follows
  channel_ = std::make_unique<Channel>(loop_, std::move(pair->first), kReportLimit, kQueueLimit, std::move(callbacks));
  channel_->send(letters.SerializeAsString());
}

bool PostOffice::on_exit(const Exit& exit) {
  if (mailer_ == 0 || exit.pid != mailer_) return false;
  if (channel_) channel_->drain();  // its last words
  std::string why = why_;
  if (why.empty() && killed_)
    why = fmt::format("{}: no end in {} s, killed", at_step_,
                      mailer_limit(settings_.connect_timeout) / std::chrono::seconds(1));
  else if (why.empty())
    why = fmt::format("{}: the mailer ended ({} {})", at_step_, exit.signalled ? "signal" : "status", exit.status);
  close_mailer(fmt::format("SMTP server {} port {}, {}", settings_.server, settings_.port, why));
  return true;
}

void PostOffice::close_mailer(const std::string& why) {
  mailer_ = 0;
  kill_at_.reset();
  channel_.reset();
  outbox_.ended(why, loop_.now());
  work();
}

void PostOffice::on_deadline() {
  const TimePoint at = loop_.now();
  if (finish_at_ && *finish_at_ <= at) {
    outbox_.drop_all("the daemon ends");
    say_lines();
    if (mailer_ > 0) kill(mailer_, SIGKILL);
    finish_at_.reset();
    if (const auto finished = std::exchange(finished_, {})) finished();
    return;
  }
  if (kill_at_ && *kill_at_ <= at) {
    killed_ = true;
    kill_at_.reset();
    kill(mailer_, SIGKILL);
  }
  work();
}

void PostOffice::finish(Duration limit, std::function<void()> done) {
  finished_ = std::move(done);
  finish_at_ = loop_.now() + limit;
  work();
}

// ---- what it reports ------------------------------------------------------------------------------------------------

void PostOffice::on_frame(const std::string& frame) {
  Report report;
  if (!report.ParseFromString(frame)) return;  // its letters count as not sent
  on_report(report);
  say_lines();
}

std::string PostOffice::where(const Report& report) const {
  return fmt::format("{}: {}", for_the_log(report.step()), for_the_log(report.detail()));
}

/// Nothing that it says is used but as text of the log and as number of a letter: it has talked to a stranger.
void PostOffice::on_report(const Report& report) {
  switch (report.kind()) {
    case Report::AT:
      at_step_ = for_the_log(report.step());
      return;
    case Report::CONNECTED:
      return logger_.info(fmt::format("Remote SMTP server {} connected.", for_the_log(report.detail())));
    case Report::CONNECT_ERROR:
      return logger_.info(fmt::format("Error connecting SMTP server {}.", for_the_log(report.detail())));
    case Report::CONNECT_TIMEOUT:
      return logger_.info(fmt::format("Timeout connecting SMTP server {}.", for_the_log(report.detail())));
    case Report::SENT:
      return outbox_.sent(report.letter());
    case Report::REFUSED:
      return outbox_.refused(
          report.letter(), fmt::format("SMTP server {} port {}, {}", settings_.server, settings_.port, where(report)));
    case Report::RECIPIENT_REFUSED:
      return logger_.warning(fmt::format("SMTP server {} refuses recipient {}, {}", settings_.server,
                                         for_the_log(report.recipient()), where(report)));
    case Report::BROKEN:
      why_ = where(report);
      return;
    default:
      return;
  }
}

void PostOffice::say_lines() {
  for (OutboxLine& line : outbox_.take_lines()) {
    if (line.how == OutboxLine::How::Info) logger_.info(std::move(line.text));
    if (line.how == OutboxLine::How::Warning) logger_.warning(std::move(line.text));
    if (line.how == OutboxLine::How::Error) logger_.error(std::move(line.text));
  }
}

}  // namespace holdfast::mail
