#include "checker/table_keeper.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <syslog.h>
#include <utility>

#include "core/runtime/clock.h"
#include "ipvs_wrapper/logic/normal.h"

namespace holdfast::checker {

namespace {

/// How often a kernel without IPVS is asked again: an operator may load the module.
constexpr Duration kAskAgain = seconds(10);
/// After a refusal the kernel is looked at soon, but never in a tight circle.
constexpr Duration kLookAgain = seconds(1);
/// Some 20 ms of the kernel's work.
constexpr std::size_t kSlice = 2048;
/// What somebody cleared is told line by line up to here, then as a number.
constexpr std::size_t kMostFindingsTold = 20;

}  // namespace

bool TableKeeper::open(TimePoint now) {
  if (open_) return true;
  const auto version = kernel_.open();
  if (!version) {
    if (!std::exchange(trouble_said_, true)) {
      callbacks_.say(LOG_ERR, version.error().message);
      callbacks_.say(LOG_ERR, "No service is balanced until the kernel has IPVS; it is asked again every 10 seconds");
    }
    next_compare_ = now + kAskAgain;
    return false;
  }
  if (const auto reader = reader_.open(); !reader) {
    callbacks_.say(LOG_ERR, reader.error().message);
    next_compare_ = now + kAskAgain;
    return false;
  }
  open_ = true;
  trouble_said_ = false;
  callbacks_.say(LOG_INFO, fmt::format("Initializing ipvs (kernel version {}.{}.{})", *version >> 16,
                                       *version >> 8 & 0xffU, *version & 0xffU));
  return true;
}

void TableKeeper::begin(const std::set<ipvs::ServiceKey>& inherited, bool flush, TimePoint now) {
  reconciler_.inherit(inherited);
  if (!open(now) || !flush) return;
  if (const Status done = kernel_.flush(); !done) callbacks_.say(LOG_ERR, "lvs_flush: " + done.error().message);
}

void TableKeeper::configure(const config::GlobalDefs& globals, TimePoint now) {
  interval_ = globals.ipvs_reconcile_interval;
  if (!open(now)) return;
  const ipvs::Timeouts timeouts{globals.lvs_timeouts.tcp_s.value_or(0), globals.lvs_timeouts.tcp_fin_s.value_or(0),
                                globals.lvs_timeouts.udp_s.value_or(0)};
  if (!(timeouts == ipvs::Timeouts{})) {
    if (const Status done = kernel_.set_timeouts(timeouts); !done)
      callbacks_.say(LOG_ERR, "lvs_timeouts: " + done.error().message);
  }
  reconciler_.doubt();
  next_compare_ = now;
}

// ---- changes --------------------------------------------------------------------------------------------------------

void TableKeeper::tell_stand() {
  stand_told_ = true;
  if (compared_once_ && callbacks_.stand) callbacks_.stand();
}

void TableKeeper::send(std::size_t end) {
  const std::span<const ipvs::Operation> slice(pending_.data() + sent_, end - sent_);
  if (slice.empty()) return;
  for (ipvs::Refusal& refusal : kernel_.apply(slice)) {
    refusal.index += sent_;
    refusals_.push_back(std::move(refusal));
  }
  if (background_.busy()) {
    for (const ipvs::Operation& operation : slice) touched_.insert(operation.service);
  }
  sent_ = end;
}

/// Services that go are the last operations: before the first of them it is told that the others stand.
void TableKeeper::send_slice() {
  if (sent_ == 0) stand_told_ = false;
  const std::size_t end = std::min(sent_ + kSlice, pending_.size());
  if (!stand_told_) {
    const auto goes = [](const ipvs::Operation& o) { return o.kind == ipvs::Operation::Kind::DeleteService; };
    const auto from = pending_.begin() + static_cast<std::ptrdiff_t>(sent_);
    const auto first = std::find_if(from, pending_.begin() + static_cast<std::ptrdiff_t>(end), goes);
    send(static_cast<std::size_t>(first - pending_.begin()));
    if (sent_ < end || sent_ == pending_.size()) tell_stand();
  }
  send(end);
}

/// True when nothing is left to send.
bool TableKeeper::run_slice() {
  if (pending_.empty()) {
    tell_stand();
    return true;
  }
  send_slice();
  if (sent_ < pending_.size()) return false;
  for (std::string& line : reconciler_.applied(pending_, refusals_)) callbacks_.say(LOG_ERR, std::move(line));
  pending_.clear();
  refusals_.clear();
  sent_ = 0;
  return true;
}

void TableKeeper::settle(TimePoint now) {
  if (!open_) return;
  if (pending_.empty()) pending_ = reconciler_.changes();
  if (!run_slice()) return;
  if (reconciler_.wants_compare() && !background_.busy())
    next_compare_ = std::min(next_compare_.value_or(now + kLookAgain), now + kLookAgain);
}

void TableKeeper::finish(config::LvsFlushOnStop flush) {
  if (!open_) return;
  do {
    if (pending_.empty()) pending_ = reconciler_.changes();
  } while (!run_slice());
  if (flush != config::LvsFlushOnStop::Everything) return;
  if (const Status done = kernel_.flush(); !done) callbacks_.say(LOG_ERR, "lvs_flush_on_stop: " + done.error().message);
}

// ---- the whole table ------------------------------------------------------------------------------------------------

void TableKeeper::compare(TimePoint now) {
  if (!open(now) || background_.busy()) return;
  next_compare_.reset();
  touched_.clear();
  if (callbacks_.look) callbacks_.look();
  const auto listed = std::make_shared<Result<ipvs::Table>>(Error{});
  background_.run([this, listed] { *listed = reader_.list(); }, [this, listed] { compared(*listed); });
}

void TableKeeper::compared(const Result<ipvs::Table>& listed) {
  const TimePoint at = now();
  if (!listed) {
    if (!std::exchange(trouble_said_, true)) callbacks_.say(LOG_ERR, "IPVS table: " + listed.error().message);
    next_compare_ = at + kLookAgain;
    return callbacks_.rearm();
  }
  trouble_said_ = false;
  if (!pending_.empty()) {  // operations are on their way: what was read is neither before nor after them
    next_compare_ = at + kLookAgain;
    return callbacks_.rearm();
  }
  ipvs::Comparison comparison;
  if (touched_.empty()) {
    comparison = reconciler_.compare(*listed);
  } else {
    std::vector<ipvs::ServiceKey> untouched;
    std::ranges::set_difference(reconciler_.ours(), touched_, std::back_inserter(untouched));
    comparison = reconciler_.compare(*listed, untouched);
  }
  report_findings(comparison);
  compared_once_ = true;
  pending_ = std::move(comparison.operations);
  run_slice();
  apply_sync_daemons();
  schedule(at);
  callbacks_.rearm();
}

void TableKeeper::report_findings(const ipvs::Comparison& comparison) {
  std::size_t told = 0;
  for (const ipvs::Finding& finding : comparison.findings) {
    if (++told > kMostFindingsTold) break;
    callbacks_.say(LOG_WARNING, "IPVS: " + finding.text + " - put right");
  }
  if (comparison.findings.size() > kMostFindingsTold) {
    callbacks_.say(LOG_WARNING, fmt::format("IPVS: {} more differences were found and put right",
                                            comparison.findings.size() - kMostFindingsTold));
  }
}

void TableKeeper::schedule(TimePoint now) {
  next_compare_.reset();
  if (interval_ > Duration::zero()) next_compare_ = now + interval_;
  if (reconciler_.wants_compare()) next_compare_ = std::min(next_compare_.value_or(now + kLookAgain), now + kLookAgain);
}

std::optional<TimePoint> TableKeeper::next_deadline() const {
  if (!pending_.empty()) return TimePoint{};  // at once
  return background_.busy() ? std::nullopt : next_compare_;
}

void TableKeeper::on_deadline(TimePoint now) {
  if (!pending_.empty()) return;  // settle() goes on with them
  if (next_compare_ && now >= *next_compare_) compare(now);
}

// ---- connection synchronisation -------------------------------------------------------------------------------------

void TableKeeper::set_sync_daemons(const std::vector<ipvs::SyncDaemon>& daemons) {
  sync_daemons_ = daemons;
  apply_sync_daemons();
}

/// Compared, not replayed: one that runs as it should is left alone, also by a successor of the process that started it.
void TableKeeper::apply_sync_daemons() {
  if (!open_ || !sync_daemons_) return;
  const auto running = kernel_.sync_daemons();
  if (!running) return callbacks_.say(LOG_ERR, "lvs_sync_daemon: " + running.error().message);
  for (const ipvs::SyncDaemon& found : *running) {
    const bool wanted = std::ranges::any_of(*sync_daemons_, [&](const auto& w) { return ipvs::serves(found, w); });
    if (wanted) continue;
    if (const Status stopped = kernel_.stop_sync_daemon(found.state); !stopped)
      callbacks_.say(LOG_ERR, "lvs_sync_daemon: " + stopped.error().message);
  }
  for (const ipvs::SyncDaemon& wanted : *sync_daemons_) {
    const bool runs = std::ranges::any_of(*running, [&](const auto& found) { return ipvs::serves(found, wanted); });
    if (runs) continue;
    if (const Status started = kernel_.start_sync_daemon(wanted); !started)
      callbacks_.say(LOG_ERR, "lvs_sync_daemon: " + started.error().message);
  }
}

}  // namespace holdfast::checker
