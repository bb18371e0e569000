// What core undoes if a child cannot be brought back in time: its VIPs, each instance at its own peers' master-down time
// after the last advert that can have left. A peer that was never heard has no such time that we know: then core listens, and the
// peer's first advert is the moment. Called by engine; a crash loop so ends in a clean fail-over, never in two owners.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
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

  /// A peer took over what this key is about.
  void takeover_heard(const std::string& key, TimePoint now);
  /// Nobody listens for this key: it falls due when we think that it is time.
  void listening_failed(const std::string& key);
  /// Since the last call: what to listen for now, and what no more. Listening begins when half of the time that peers wait is
  /// over: a successor is mostly there long before, and a thousand ears must not delay it.
  struct EarChanges {
    std::vector<std::pair<std::string, Ear>> start;
    std::vector<std::string> stop;
  };
  EarChanges take_ear_changes(TimePoint now);

  /// When something falls due if nobody is heard before.
  std::optional<TimePoint> next_due() const;
  /// When to call take_ear_changes() or due() again.
  std::optional<TimePoint> next_deadline() const;
  std::vector<Bequest> due(TimePoint now);

 private:
  struct Fall {
    TimePoint last_advert;
    TimePoint due;
    TimePoint listen_from;
  };
  bool wants_ear(const std::string& key) const;

  std::map<std::string, Bequest> bequests_;
  std::map<std::string, Fall> falling_due_;
  std::set<std::string> listening_, deaf_;
};

/// The last advert that can have left by `at`: anchor + k × interval.
TimePoint last_advert(const Bequest& bequest, TimePoint at);

}  // namespace holdfast::watchdog
