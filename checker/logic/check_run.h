// The life of one check: when it runs next, what its verdicts add up to (behaviour.md e.3). Several real servers may subscribe
// to the same check; the engine owns it, starts what due() asks for, and hands it the answers.
//
// Rules: `retry` extra attempts with delay_before_retry between them, then it is down; the very first attempt of all has none.
// A run belongs to a beat: scheduled + k × delay_loop, so that lateness of one does not move the next and 10 000 checks stay
// spread. An attempt that failed for a reason of our own (no descriptor, no program) is no news of the server.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "checker/logic/effects.h"
#include "checker/logic/events.h"
#include "core/config/schema/check.h"

namespace holdfast::checker {

class CheckRun {
 public:
  CheckRun(std::uint64_t id, config::Check check);

  std::uint64_t id() const { return id_; }
  const config::Check& check() const { return check_; }
  bool up() const { return up_; }
  bool known() const { return known_; }
  /// What it adds to this weight: behaviour.md e.2, "configured + dynamic deltas".
  int weight_delta(int configured) const { return weight_ ? *weight_ - configured : weight_delta_; }
  /// FILE_CHECK has no runs: its verdicts come when the file changes.
  bool runs() const { return !std::holds_alternative<config::FileCheck>(*check_.kind); }
  bool in_flight() const { return in_flight_; }

  /// Other timing with the same kind and endpoint (a reload): verdict and count go on.
  void set_timing(const config::CheckTiming& timing, TimePoint now);
  /// The first run happens `phase` (0..1) of the warm-up from now; one that is down and must prove itself comes first.
  void begin(double phase, TimePoint now);
  /// While suspended nothing runs; what is in flight is forgotten. True when there is something to cancel.
  bool suspend();
  bool suspended() const { return suspended_; }
  void resume_running(TimePoint now) { suspended_ = false, next_at_ = now; }

  std::optional<TimePoint> next_deadline() const;
  /// At the deadline: StartProbe or RunCheckScript.
  Effect start();

  /// What the answer changed.
  struct Result {
    bool changed = false;  ///< up(), the weight or the count is another than before, or it is known for the first time
    bool transition = false;     ///< up() changed, or would have: worth the lines of an attempt
    bool first = false;          ///< no verdict was known before, and this one is good
    bool final = false;          ///< a failure that counts, or the success after one
    bool our_own_fault = false;  ///< says nothing of the server; `transition` the first time
    std::uint32_t retries = 0;   ///< how many extra attempts were made before a failure counted
    std::string passed_url;      ///< HTTP_GET: this one is good, others follow; "" = none
  };
  Result on_verdict(const Verdict& verdict, TimePoint now);
  Result on_script(const ScriptFinished& result, TimePoint now);
  Result on_file(std::int64_t value, TimePoint now);
  const Verdict& last() const { return last_; }

  CheckRecord record() const;
  void remember(const CheckRecord& record);

 private:
  Result success(TimePoint now);
  Result failure(TimePoint now);
  Result no_news(TimePoint now);
  Result judge(bool good, int delta, TimePoint now);
  void schedule_next_beat(TimePoint now);

  std::uint64_t id_;
  config::Check check_;
  bool up_;
  bool known_ = false;
  bool suspended_ = false;
  bool in_flight_ = false;
  bool own_fault_said_ = false;
  std::uint32_t failures_ = 0;
  std::uint32_t url_ = 0;
  std::optional<int> weight_;
  int weight_delta_ = 0;
  TimePoint scheduled_{};  ///< the beat that the run in flight belongs to
  TimePoint next_at_{};
  Verdict last_;
};

/// Of kind and endpoint, equal in every process: what a record is about.
std::uint64_t identity_of(const config::Check& check);
/// TCP_CHECK, HTTP_GET, …
const char* keyword_of(const config::Check& check);

}  // namespace holdfast::checker
