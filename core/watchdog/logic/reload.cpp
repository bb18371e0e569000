#include "core/watchdog/logic/reload.h"

namespace holdfast::watchdog {

void Reload::offer(std::uint64_t generation, std::vector<Role> needed, TimePoint now) {
  active_ = true;
  generation_ = generation;
  needed_ = std::move(needed);
  unanswered_.clear();
  reasons_.clear();
  refused_ = committed_ = false;
  deadline_ = now + kPrepareLimit;
}

void Reload::commit(TimePoint now) {
  committed_ = true;
  unanswered_.clear();
  deadline_ = now + kPrepareLimit;
}

void Reload::answer(Role role, bool accepted, const std::vector<std::string>& reasons) {
  unanswered_.erase(role);
  if (accepted) return;
  refused_ = true;
  reasons_.insert(reasons_.end(), reasons.begin(), reasons.end());
}

void Reload::refuse(std::string reason) {
  refused_ = true;
  reasons_.push_back(std::move(reason));
}

Reload::Verdict Reload::verdict() const {
  if (refused_) return Verdict::Refused;
  return unanswered_.empty() ? Verdict::Accepted : Verdict::Pending;
}

std::optional<TimePoint> Reload::deadline() const {
  if (!active_) return std::nullopt;
  return deadline_;
}

}  // namespace holdfast::watchdog
