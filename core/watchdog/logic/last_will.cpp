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
    const TimePoint last = last_advert(bequest, died_at);
    const Duration patience = bequest.ear ? bequest.ear->latest_interval : bequest.peers_down_interval;
    // A second death before the successor said anything must not postpone what the first set in motion.
    falling_due_.try_emplace(key, Fall{last, last + patience, last + bequest.peers_down_interval / 2});
  }
}

void LastWill::successor_ready() {
  for (const auto& [key, fall] : falling_due_) bequests_.erase(key);
  falling_due_.clear();
}

void LastWill::postpone(TimePoint until) {
  for (auto& [key, fall] : falling_due_) fall.due = std::max(fall.due, until);
}

void LastWill::takeover_heard(const std::string& key, TimePoint now) {
  if (const auto found = falling_due_.find(key); found != falling_due_.end())
    found->second.due = std::min(found->second.due, now);
}

void LastWill::listening_failed(const std::string& key) {
  listening_.erase(key);
  const auto found = falling_due_.find(key);
  if (found == falling_due_.end()) return;
  deaf_.insert(key);
  found->second.due = found->second.last_advert + bequests_.at(key).peers_down_interval;
}

bool LastWill::wants_ear(const std::string& key) const {
  return bequests_.at(key).ear && !deaf_.contains(key) && !listening_.contains(key);
}

LastWill::EarChanges LastWill::take_ear_changes(TimePoint now) {
  EarChanges changes;
  std::erase_if(listening_, [&](const std::string& key) {
    if (falling_due_.contains(key)) return false;
    changes.stop.push_back(key);
    return true;
  });
  std::erase_if(deaf_, [&](const std::string& key) { return !falling_due_.contains(key); });
  for (const auto& [key, fall] : falling_due_) {
    if (now < fall.listen_from || !wants_ear(key)) continue;
    listening_.insert(key);
    changes.start.emplace_back(key, *bequests_.at(key).ear);
  }
  return changes;
}

std::vector<Bequest> LastWill::execute_all() {
  std::vector<Bequest> all;
  for (auto& [key, bequest] : bequests_) all.push_back(std::move(bequest));
  bequests_.clear();
  falling_due_.clear();
  return all;
}

std::optional<TimePoint> LastWill::next_due() const {
  std::optional<TimePoint> next;
  for (const auto& [key, fall] : falling_due_) next = next ? std::min(*next, fall.due) : fall.due;
  return next;
}

std::optional<TimePoint> LastWill::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [key, fall] : falling_due_) {
    const TimePoint wake = wants_ear(key) ? std::min(fall.listen_from, fall.due) : fall.due;
    next = next ? std::min(*next, wake) : wake;
  }
  return next;
}

std::vector<Bequest> LastWill::due(TimePoint now) {
  std::vector<Bequest> found;
  for (auto it = falling_due_.begin(); it != falling_due_.end();) {
    if (it->second.due > now) {
      ++it;
      continue;
    }
    if (const auto bequest = bequests_.extract(it->first)) found.push_back(std::move(bequest.mapped()));
    it = falling_due_.erase(it);
  }
  return found;
}

}  // namespace holdfast::watchdog
