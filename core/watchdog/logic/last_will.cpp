#include "core/watchdog/logic/last_will.h"

#include <algorithm>

namespace holdfast::watchdog {

TimePoint last_advert(const Bequest& bequest, TimePoint at) {
  if (at <= bequest.advert_anchor || bequest.advert_interval <= Duration::zero()) return bequest.advert_anchor;
  return bequest.advert_anchor + (at - bequest.advert_anchor) / bequest.advert_interval * bequest.advert_interval;
}

void LastWill::change(const std::vector<Bequest>& bequests, const std::vector<std::string>& revoked) {
  for (const Bequest& bequest : bequests) {
    bequests_[bequest.key] = bequest;
    falling_due_.erase(bequest.key);
  }
  for (const std::string& key : revoked) {
    bequests_.erase(key);
    falling_due_.erase(key);
  }
}

void LastWill::testator_died(TimePoint died_at) {
  for (const auto& [key, bequest] : bequests_) {
    const TimePoint due = last_advert(bequest, died_at) + bequest.peers_down_interval;
    // A second death before the successor said anything must not postpone what the first set in motion.
    falling_due_.try_emplace(key, due);
  }
}

void LastWill::successor_ready() {
  for (const auto& [key, due] : falling_due_) bequests_.erase(key);
  falling_due_.clear();
}

void LastWill::postpone(TimePoint until) {
  for (auto& [key, due] : falling_due_) due = std::max(due, until);
}

std::vector<Bequest> LastWill::execute_all() {
  std::vector<Bequest> all;
  for (auto& [key, bequest] : bequests_) all.push_back(std::move(bequest));
  bequests_.clear();
  falling_due_.clear();
  return all;
}

std::optional<TimePoint> LastWill::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [key, due] : falling_due_) next = next ? std::min(*next, due) : due;
  return next;
}

std::vector<Bequest> LastWill::due(TimePoint now) {
  std::vector<Bequest> found;
  for (auto it = falling_due_.begin(); it != falling_due_.end();) {
    if (it->second > now) {
      ++it;
      continue;
    }
    if (const auto bequest = bequests_.extract(it->first)) found.push_back(std::move(bequest.mapped()));
    it = falling_due_.erase(it);
  }
  return found;
}

}  // namespace holdfast::watchdog
