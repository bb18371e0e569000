// What core undoes if a child cannot be brought back in time: its VIPs, each instance at its own peers' master-down time
// after the last advert that can have left. Called by engine; a crash loop so ends in a clean fail-over, never in two owners.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

class LastWill {
 public:
  /// A child that has something to lose says so; it replaces what was said of the key, and what was falling due.
  void change(const std::vector<Bequest>& bequests, const std::vector<std::string>& revoked);
  /// The child died and sent nothing after `died_at`: every bequest starts to fall due.
  void testator_died(TimePoint died_at);
  /// A successor is in force: what it did not claim again is its business, not ours.
  void successor_ready();
  /// Nothing falls due before this: core slept, and a successor's word may wait in a socket.
  void postpone(TimePoint until);
  /// No successor will come: everything is due now, in the order of the keys.
  std::vector<Bequest> execute_all();

  std::optional<TimePoint> next_deadline() const;
  std::vector<Bequest> due(TimePoint now);

 private:
  std::map<std::string, Bequest> bequests_;
  std::map<std::string, TimePoint> falling_due_;
};

/// The last advert that can have left by `at`: anchor + k × interval.
TimePoint last_advert(const Bequest& bequest, TimePoint at);

}  // namespace holdfast::watchdog
