// The two steps of a reload: every child prepares the new configuration and answers accept or refuse; only when all accept
// does it come into force (DESIGN §5, "Reload"). Pure bookkeeping for engine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// How long a child may take to prepare.
inline constexpr Duration kPrepareLimit = seconds(10);

class Reload {
 public:
  enum class Verdict : std::uint8_t { Pending, Accepted, Refused };

  void offer(std::uint64_t generation, std::vector<Role> needed, TimePoint now);
  void ask(Role role) { unanswered_.insert(role); }
  void answer(Role role, bool accepted, const std::vector<std::string>& reasons);
  /// A child that died is not waited for: its successor starts with whatever is in force then.
  void forget(Role role) { unanswered_.erase(role); }
  void refuse(std::string reason);
  /// All accepted: from now on children are waited for until the configuration is in force in each.
  void commit(TimePoint now);
  void await(Role role) { unanswered_.insert(role); }
  void in_force(Role role) { unanswered_.erase(role); }
  /// Core slept: an answer may wait in a socket.
  void forgive(TimePoint now) { deadline_ = std::max(deadline_, now + seconds(1)); }
  void finish() { active_ = committed_ = false; }

  bool active() const { return active_; }
  bool committed() const { return committed_; }
  bool settled() const { return committed_ && unanswered_.empty(); }
  Verdict verdict() const;
  std::uint64_t generation() const { return generation_; }
  const std::vector<Role>& needed() const { return needed_; }
  const std::vector<std::string>& reasons() const { return reasons_; }
  std::optional<TimePoint> deadline() const;

 private:
  bool active_ = false;
  bool committed_ = false;
  std::uint64_t generation_ = 0;
  std::vector<Role> needed_;
  std::set<Role> unanswered_;
  std::vector<std::string> reasons_;
  bool refused_ = false;
  TimePoint deadline_{};
};

}  // namespace holdfast::watchdog
