#include "checker/logic/check_run.h"

#include <algorithm>
#include <utility>

#include "core/base/assert.h"

namespace holdfast::checker {

namespace {

/// An alpha check or one that is down has nothing to wait for, but 10 000 of them still must not fire at once.
constexpr Duration kProbeFirstWithin = seconds(1);
constexpr Duration kAgainAfterOwnFault = seconds(1);
constexpr int kMostWeight = 65535;

ProbeKind probe_kind(const config::Check& check, std::size_t url) {
  if (const auto* http = std::get_if<config::HttpCheck>(&*check.kind)) {
    const config::HttpUrl& asked = http->urls[std::min(url, http->urls.size() - 1)];
    std::string sni;
    if (http->tls && http->enable_sni) sni = http->sni_name.empty() ? asked.virtualhost : http->sni_name;
    return HttpProbe{asked, http->protocol, http->tls, http->tls_verify, std::move(sni)};
  }
  if (const auto* smtp = std::get_if<config::SmtpCheck>(&*check.kind)) return *smtp;
  if (const auto* dns = std::get_if<config::DnsCheck>(&*check.kind)) return *dns;
  if (const auto* udp = std::get_if<config::UdpCheck>(&*check.kind)) return *udp;
  if (std::holds_alternative<config::PingCheck>(*check.kind)) return config::PingCheck{};
  return config::TcpCheck{};
}

bool our_own(Failure failure) {
  return failure == Failure::LocalError || failure == Failure::ScriptNotStarted;
}

}  // namespace

CheckRun::CheckRun(std::uint64_t id, config::Check check)
    : id_(id), check_(std::move(check)), up_(!check_.timing.alpha) {}

void CheckRun::set_timing(const config::CheckTiming& timing, TimePoint now) {
  const Duration before = check_.timing.delay_loop;
  check_.timing = timing;
  // A shorter interval begins to hold now, not after what may be a minute of the old one.
  if (timing.delay_loop < before && !in_flight_) next_at_ = std::min(next_at_, now + timing.delay_loop);
}

void CheckRun::begin(double phase, TimePoint now) {
  const bool must_prove_itself = !up_ || failures_ > 0;
  const Duration within = must_prove_itself ? std::min(check_.timing.warmup, kProbeFirstWithin) : check_.timing.warmup;
  next_at_ = now + Duration(static_cast<std::int64_t>(phase * static_cast<double>(within.count())));
}

bool CheckRun::suspend() {
  suspended_ = true;
  return std::exchange(in_flight_, false);
}

std::optional<TimePoint> CheckRun::next_deadline() const {
  if (!runs() || in_flight_ || suspended_) return std::nullopt;
  return next_at_;
}

Effect CheckRun::start() {
  ASSERT(!in_flight_ && runs());
  in_flight_ = true;
  scheduled_ = next_at_;
  if (const auto* misc = std::get_if<config::MiscCheck>(&*check_.kind))
    return RunCheckScript{id_, misc->command, misc->timeout};
  return StartProbe{id_, {probe_kind(check_, url_), check_.endpoint, check_.timing.deadline}};
}

// ---- verdicts -------------------------------------------------------------------------------------------------------

void CheckRun::schedule_next_beat(TimePoint now) {
  next_at_ = scheduled_ + check_.timing.delay_loop;
  if (next_at_ <= now) {  // it took longer than the interval: the next beat that is still to come
    const auto missed = (now - scheduled_) / check_.timing.delay_loop;
    next_at_ = scheduled_ + (missed + 1) * check_.timing.delay_loop;
  }
}

CheckRun::Result CheckRun::on_verdict(const Verdict& verdict, TimePoint now) {
  in_flight_ = false;
  last_ = verdict;
  if (our_own(verdict.failure)) return no_news(now);
  own_fault_said_ = false;
  return verdict.up() ? success(now) : failure(now);
}

CheckRun::Result CheckRun::no_news(TimePoint now) {
  next_at_ = now + std::min(check_.timing.delay_loop, kAgainAfterOwnFault);
  Result result;
  result.our_own_fault = true;
  result.transition = !std::exchange(own_fault_said_, true);
  return result;
}

CheckRun::Result CheckRun::success(TimePoint now) {
  schedule_next_beat(now);
  if (const auto* http = std::get_if<config::HttpCheck>(&*check_.kind);
      http != nullptr && url_ + 1 < http->urls.size()) {
    Result result;
    result.passed_url = http->urls[url_].path;
    result.transition = !up_ || !known_;
    result.first = !known_;
    result.changed = failures_ != 0;
    failures_ = 0;
    ++url_;
    if (http->fast_recovery && !up_) next_at_ = now;
    return result;
  }
  url_ = 0;
  Result result;
  result.changed = !up_ || !known_ || failures_ != 0;
  result.transition = !up_ || !known_;
  result.final = !up_;
  result.first = !known_;
  failures_ = 0;
  up_ = known_ = true;
  return result;
}

/// behaviour.md e.2: the first failing check of a server that was never checked removes it at once.
CheckRun::Result CheckRun::failure(TimePoint now) {
  Result result;
  const bool never_checked = !known_;
  const bool counts = never_checked || failures_ >= check_.timing.retry;
  result.retries = failures_;
  if (!up_) {  // nothing more to lose: normal rhythm, all urls again
    schedule_next_beat(now);
    result.changed = !known_;
    known_ = true;
    url_ = 0;
    failures_ = 0;
    return result;
  }
  result.transition = true;
  result.changed = true;
  if (!counts) {
    ++failures_;
    next_at_ = now + check_.timing.delay_before_retry;
    return result;
  }
  result.final = true;
  up_ = false;
  known_ = true;
  failures_ = 0;
  url_ = 0;
  schedule_next_beat(now);
  return result;
}

/// behaviour.md e.4: 0 = good; with misc_dynamic 2..255 = good with weight status - 2. After 0 the weight is the configured one
/// (2.2.7, shown by test/vm side_by_side).
CheckRun::Result CheckRun::on_script(const ScriptFinished& result, TimePoint now) {
  const auto* misc = std::get_if<config::MiscCheck>(&*check_.kind);
  ASSERT(misc != nullptr);
  in_flight_ = false;
  last_ = {};
  const std::string number = std::to_string(result.status);
  if (result.outcome == ScriptOutcome::NotStarted) last_ = {Failure::ScriptNotStarted, "could not be started"};
  if (result.outcome == ScriptOutcome::TimedOut) last_ = {Failure::ScriptTimeout, "timed out"};
  if (result.outcome == ScriptOutcome::Signalled) last_ = {Failure::ScriptSignal, "due to signal " + number};
  const bool good = result.status == 0 || (misc->dynamic && result.status >= 2 && result.status <= 255);
  if (result.outcome == ScriptOutcome::Exited && !good) last_ = {Failure::ScriptStatus, "exited with status " + number};
  if (our_own(last_.failure)) return no_news(now);
  own_fault_said_ = false;
  if (!last_.up()) return failure(now);
  const std::optional<int> before = weight_;
  weight_.reset();
  if (misc->dynamic && result.status >= 2) weight_ = result.status - 2;
  Result outcome = success(now);
  outcome.changed = outcome.changed || weight_ != before;
  return outcome;
}

CheckRun::Result CheckRun::on_file(std::int64_t value, TimePoint now) {
  const auto* file = std::get_if<config::FileCheck>(&*check_.kind);
  ASSERT(file != nullptr);
  const std::string text = "holds " + std::to_string(value);
  if (file->weight == 0) {
    const bool good = (value == 0) != file->reverse;
    last_ = good ? Verdict{} : Verdict{Failure::FileValue, text};
    return judge(good, 0, now);
  }
  const std::int64_t factor = file->reverse ? -file->weight : file->weight;
  const std::int64_t bounded = std::clamp<std::int64_t>(value, -kMostWeight, kMostWeight) * factor;
  const int delta = static_cast<int>(std::clamp<std::int64_t>(bounded, -kMostWeight, kMostWeight));
  const bool good = delta > -kMostWeight;
  last_ = good ? Verdict{} : Verdict{Failure::FileValue, text};
  return judge(good, good ? delta : 0, now);
}

CheckRun::Result CheckRun::judge(bool good, int delta, TimePoint) {
  Result result;
  result.transition = result.final = good != up_;
  result.changed = good != up_ || delta != weight_delta_ || !known_;
  up_ = good;
  weight_delta_ = delta;
  known_ = true;
  return result;
}

// ---- records --------------------------------------------------------------------------------------------------------

CheckRecord CheckRun::record() const {
  CheckRecord r;
  r.identity = identity_of(check_);
  r.what = keyword_of(check_);
  r.known = known_;
  r.up = up_;
  r.failures = failures_;
  r.url = url_;
  r.weight = weight_;
  r.weight_delta = weight_delta_;
  r.failure = last_.failure;
  r.detail = last_.detail;
  return r;
}

void CheckRun::remember(const CheckRecord& record) {
  up_ = record.up;
  known_ = record.known;
  failures_ = std::min(record.failures, check_.timing.retry);
  const auto* http = std::get_if<config::HttpCheck>(&*check_.kind);
  url_ = http != nullptr && record.url < http->urls.size() ? record.url : 0;
  weight_.reset();
  const auto* misc = std::get_if<config::MiscCheck>(&*check_.kind);
  if (misc != nullptr && misc->dynamic && record.weight) weight_ = std::clamp(*record.weight, 0, kMostWeight);
  weight_delta_ = std::clamp(record.weight_delta, -kMostWeight, kMostWeight);
  last_ = {record.failure, record.detail};
}

}  // namespace holdfast::checker
