// All checks at work: equal ones (kind, endpoint, timing) are one CheckRun with several subscribers, so that a server in ten
// virtual servers is asked once (`checker_merge off` turns that off). Keeps when the next is due. Called by the engine only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "checker/logic/check_run.h"

namespace holdfast::checker {

class BalancedService;

/// Who hears of a check.
struct Subscriber {
  BalancedService* service = nullptr;
  std::size_t server = 0;  ///< index in its servers()
  bool operator==(const Subscriber&) const = default;
};

class CheckPool {
 public:
  struct Entry {
    CheckRun run;
    std::vector<Subscriber> subscribers;
  };

  struct Subscription {
    CheckRun* run = nullptr;
    bool is_new = false;  ///< it has to be begun
  };
  /// The check that is run for this one: an equal one if there is and `merge`, else a new one.
  Subscription subscribe(const config::Check& check, const Subscriber& subscriber, bool merge);
  /// The same check again after a release, perhaps with another timing: its verdict and its count go on. False when somebody
  /// else wants it as it was, or when it is another check.
  bool take_up_again(CheckRun& run, const config::Check& check, const Subscriber& subscriber, TimePoint now);
  /// The service subscribes to none of these any more; they stay until collect().
  void release(const BalancedService* service, const std::vector<CheckRun*>& checks);
  /// Those of them that nobody wants any more.
  std::vector<std::unique_ptr<Entry>> collect(const std::vector<CheckRun*>& checks);
  Entry* find(std::uint64_t id);
  template <class Visit>
  void for_each(Visit visit) {
    for (auto& [id, entry] : entries_) visit(*entry);
  }

  /// To be told whenever a check's deadline may have changed.
  void reschedule(const CheckRun& run);
  std::optional<TimePoint> next_deadline();
  /// One that is due, taken off the queue; null when none is.
  Entry* take_due(TimePoint now);
  std::size_t size() const { return entries_.size(); }

 private:
  struct Due {
    TimePoint at;
    std::uint64_t id;
    bool operator>(const Due& other) const { return at != other.at ? at > other.at : id > other.id; }
  };
  /// Drops what was rescheduled since it was queued.
  void tidy();

  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> entries_;
  std::unordered_multimap<std::uint64_t, std::uint64_t> by_identity_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t last_id_ = 0;
};

}  // namespace holdfast::checker
