#include "core/ipc/child_link.h"

#include <unistd.h>

#include "core/runtime/clock.h"
#include "core/runtime/socket.h"

namespace holdfast {
namespace {

constexpr std::size_t kQueueLimit = 64U << 20;
constexpr std::size_t kLogLimitOctets = 256U << 10;
constexpr std::size_t kMostAlertsKept = 100;
constexpr Duration kKnockInterval = milliseconds(100);

}  // namespace

ChildLink::ChildLink(EventLoop& loop, UniqueFd socket, proto::Role role, Callbacks callbacks)
    : loop_(loop), role_(role), callbacks_(std::move(callbacks)), started_at_(now()), knock_timer_(loop, [this] {
        knock();
      }) {
  attach(std::move(socket));
}

ChildLink::~ChildLink() = default;

void ChildLink::attach(UniqueFd socket) {
  channel_ = std::make_unique<Channel>(loop_, std::move(socket), kSupervisionFrameLimit, kQueueLimit,
                                       Channel::Callbacks{[this](std::string frame) { on_frame(frame); },
                                                          [this](std::string reason) { on_close(reason); }});
  say_hello();
}

void ChildLink::say_hello() {
  proto::Envelope envelope;
  proto::Hello& hello = *envelope.mutable_hello();
  hello.set_role(role_);
  hello.set_pid(getpid());
  hello.set_generation(generation_);
  hello.set_running(generation_ != 0);
  hello.set_cookie(settings_.cookie());
  hello.set_configuration_digest(digest_);
  hello.set_started_at_us(to_us(started_at_));
  send(envelope);
}

void ChildLink::on_frame(const std::string& frame) {
  proto::Envelope envelope;
  if (!envelope.ParseFromString(frame)) return on_close("message that cannot be parsed");
  switch (envelope.body_case()) {
    case proto::Envelope::kConfigure:
      remember(envelope.configure().settings());
      return callbacks_.on_configure(envelope.configure());
    case proto::Envelope::kPast:
      return callbacks_.on_past(envelope.past());
    case proto::Envelope::kStart:
      return callbacks_.on_start();
    case proto::Envelope::kPrepare:
      return callbacks_.on_prepare(envelope.prepare());
    case proto::Envelope::kCommit:
      return callbacks_.on_commit(envelope.commit().generation());
    case proto::Envelope::kAbandon:
      return callbacks_.on_abandon(envelope.abandon().generation());
    case proto::Envelope::kDump:
      return callbacks_.on_dump(envelope.dump());
    case proto::Envelope::kVrrpEvents:
      if (callbacks_.on_vrrp_events) callbacks_.on_vrrp_events(envelope.vrrp_events());
      return;
    case proto::Envelope::kStop:
      return callbacks_.on_stop();
    case proto::Envelope::kPing: {
      proto::Envelope answer;
      answer.mutable_pong()->set_sequence(envelope.ping().sequence());
      const Lateness lateness = callbacks_.lateness();
      for (const std::uint64_t count : lateness.buckets())
        answer.mutable_pong()->mutable_lateness()->add_buckets(count);
      answer.mutable_pong()->mutable_lateness()->set_worst_us(lateness.worst().count());
      return send(answer);
    }
    case proto::Envelope::kScriptResult: {
      // An answer to a question of an earlier link has been given already, as NOT_STARTED.
      if (scripts_in_flight_.erase(envelope.script_result().id()) == 0) return;
      return callbacks_.on_script_result(envelope.script_result());
    }
    case proto::Envelope::kAdopt:
      orphaned_at_.reset();
      say_everything_again();
      return answer_lost_scripts();
    default:
      return on_close("message of a kind that core does not send");
  }
}

void ChildLink::on_close(const std::string& reason) {
  channel_.reset();
  // A door that is slammed neither prolongs the grace nor is knocked at again at once.
  const bool slammed = orphaned_at_.has_value();
  if (!slammed) log(4 /* LOG_WARNING */, "Lost the link to core (" + reason + "), serving on without it");
  if (settings_.rendezvous().empty()) return callbacks_.on_orphaned_too_long();
  if (!slammed) orphaned_at_ = now();
  knock_timer_.arm(slammed ? now() + kKnockInterval : now());
  answer_lost_scripts();
}

void ChildLink::answer_lost_scripts() {
  const auto lost = std::exchange(scripts_in_flight_, {});
  for (const auto& [id, request] : lost) {
    proto::ScriptResult result;
    result.set_id(id);
    result.set_outcome(proto::ScriptResult::NOT_STARTED);
    callbacks_.on_script_result(result);
  }
}

void ChildLink::knock() {
  if (!orphaned_at_) return;
  if (now() - *orphaned_at_ >= grace_) {
    orphaned_at_.reset();
    return callbacks_.on_orphaned_too_long();
  }
  knock_timer_.arm(now() + kKnockInterval);
  if (channel_) return;  // waits for Adopt
  if (auto socket = connect_unix(settings_.rendezvous())) attach(std::move(*socket));
}

void ChildLink::say_everything_again() {
  record_changes_.Clear();
  will_changes_.Clear();
  records_of_process_.clear();
  bequests_of_process_.clear();
  for (const auto& [key, value] : records_) add_upsert(key, value);
  for (const auto& [key, bequest] : bequests_) will_changes_.add_bequests()->ParseFromString(bequest);
  if (callbacks_.on_adopted) callbacks_.on_adopted();
  flush();
  for (const proto::Alert& alert : std::exchange(alerts_kept_, {})) send_alert(alert);
}

void ChildLink::set_generation(std::uint64_t generation, std::string digest) {
  generation_ = generation;
  digest_ = std::move(digest);
}

void ChildLink::ready(std::uint64_t generation) {
  flush();
  proto::Envelope envelope;
  envelope.mutable_ready()->set_generation(generation);
  send(envelope);
}

void ChildLink::prepared(std::uint64_t generation, bool accepted, const std::vector<std::string>& reasons) {
  proto::Envelope envelope;
  proto::Prepared& prepared = *envelope.mutable_prepared();
  prepared.set_generation(generation);
  prepared.set_accepted(accepted);
  for (const std::string& reason : reasons) prepared.add_reasons(reason);
  send(envelope);
}

void ChildLink::stopped() {
  flush();
  proto::Envelope envelope;
  envelope.mutable_stopped();
  send(envelope);
}

void ChildLink::dump_text(proto::DumpText dump) {
  proto::Envelope envelope;
  *envelope.mutable_dump_text() = std::move(dump);
  send(envelope);
}

void ChildLink::run_script(proto::RunScript request) {
  const std::uint64_t id = request.id();
  const bool wants_result = request.wants_result();
  if (wants_result) scripts_in_flight_[id] = request;
  if (!channel_) return;
  flush();
  proto::Envelope envelope;
  *envelope.mutable_run_script() = std::move(request);
  send(envelope);
}

void ChildLink::notify(const std::string& subject, const std::string& text) {
  if (!channel_) return;
  flush();
  proto::Envelope envelope;
  envelope.mutable_notify_line()->set_subject(subject);
  envelope.mutable_notify_line()->set_text(text);
  send(envelope);
}

void ChildLink::alert(const std::string& subject, const std::string& body) {
  proto::Alert alert;
  alert.set_subject(subject);
  alert.set_body(body);
  alert.set_time_us(wall_clock_us());
  if (channel_ && !orphaned_at_) {
    flush();
    return send_alert(alert);
  }
  if (alerts_kept_.size() == kMostAlertsKept) alerts_kept_.pop_front();
  alerts_kept_.push_back(std::move(alert));
}

void ChildLink::send_alert(const proto::Alert& alert) {
  proto::Envelope envelope;
  *envelope.mutable_alert() = alert;
  send(envelope);
}

void ChildLink::add_upsert(const std::string& key, const std::string& value) {
  proto::Record& record = *record_changes_.add_upserts();
  record.set_key(key);
  record.set_value(value);
}

// Core reads a message's upserts and bequests in their order and then what is no more: the last word about a key must be the
// only one of its kind.

void ChildLink::upsert_record(const std::string& key, std::string value, KeptBy keeper) {
  erased_.erase(key);
  if (heard()) add_upsert(key, value);
  if (keeper == KeptBy::Process) return records_of_process_.insert(key);
  records_[key] = std::move(value);
}

void ChildLink::erase_record(const std::string& key) {
  if (records_.erase(key) == 0 && !records_of_process_.erase(key)) return;
  erased_.insert(key);
}

void ChildLink::bequeath(proto::Bequest bequest, KeptBy keeper) {
  revoked_.erase(bequest.key());
  if (keeper == KeptBy::Process)
    bequests_of_process_.insert(bequest.key());
  else
    bequests_[bequest.key()] = bequest.SerializeAsString();
  if (heard()) *will_changes_.add_bequests() = std::move(bequest);
}

void ChildLink::revoke(const std::string& key) {
  if (bequests_.erase(key) == 0 && !bequests_of_process_.erase(key)) return;
  revoked_.insert(key);
}

void ChildLink::remember(const proto::Settings& settings) {
  settings_ = settings;
  if (!settings.no_syslog()) syslog_ = std::make_unique<SyslogSink>(SyslogOptions{settings.syslog_facility()});
}

void ChildLink::log(int priority, std::string text) {
  if (!channel_ && syslog_) {
    const Level level = priority <= 3 ? Level::Error : priority == 4 ? Level::Warning : Level::Info;
    return syslog_->write({level, wall_clock_us(), settings_.syslog_ident(), getpid(), std::move(text)});
  }
  if (log_octets_ + text.size() > kLogLimitOctets) {
    log_.set_dropped(log_.dropped() + 1);
    return;
  }
  log_octets_ += text.size() + 32;
  proto::LogLine& line = *log_.add_lines();
  line.set_priority(priority);
  line.set_text(std::move(text));
  line.set_time_us(wall_clock_us());
}

void ChildLink::flush() {
  if (!channel_) return;
  if (heard()) flush_changes();
  // While core does not read, lines stay in the bounded queue here rather than in the link's.
  const bool core_reads = channel_ && channel_->queued() < kLogLimitOctets;
  if (log_.lines_size() > 0 && core_reads) {
    proto::Envelope envelope;
    envelope.mutable_log()->Swap(&log_);
    log_.Clear();
    log_octets_ = 0;
    send(envelope);
  }
}

void ChildLink::flush_changes() {
  // The will first: a child that dies between two messages must not be remembered as Active without one.
  if (will_changes_.bequests_size() > 0 || !revoked_.empty()) {
    proto::Envelope envelope;
    envelope.mutable_last_will()->Swap(&will_changes_);
    for (const std::string& key : std::exchange(revoked_, {})) envelope.mutable_last_will()->add_revoked(key);
    send(envelope);
  }
  if (record_changes_.upserts_size() > 0 || !erased_.empty()) {
    proto::Envelope envelope;
    envelope.mutable_records()->Swap(&record_changes_);
    for (const std::string& key : std::exchange(erased_, {})) envelope.mutable_records()->add_erasures(key);
    send(envelope);
  }
}

void ChildLink::send(const proto::Envelope& envelope) {
  if (channel_) channel_->send(envelope.SerializeAsString());
}

}  // namespace holdfast
