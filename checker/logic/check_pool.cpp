#include "checker/logic/check_pool.h"

#include <algorithm>
#include <set>
#include <utility>

namespace holdfast::checker {

namespace {

/// Each once: a server may name the same check twice.
std::set<std::uint64_t> ids_of(const std::vector<CheckRun*>& checks) {
  std::set<std::uint64_t> ids;
  for (const CheckRun* check : checks) ids.insert(check->id());
  return ids;
}

}  // namespace

CheckPool::Subscription CheckPool::subscribe(const config::Check& check, const Subscriber& subscriber, bool merge) {
  const std::uint64_t identity = identity_of(check);
  const auto [begin, end] =
      merge ? by_identity_.equal_range(identity) : std::pair(by_identity_.end(), by_identity_.end());
  for (auto it = begin; it != end; ++it) {
    Entry& entry = *entries_.at(it->second);
    if (!(entry.run.check() == check)) continue;
    entry.subscribers.push_back(subscriber);
    return {&entry.run, false};
  }
  const std::uint64_t id = ++last_id_;
  auto entry = std::make_unique<Entry>(Entry{CheckRun(id, check), {subscriber}});
  CheckRun& run = entry->run;
  entries_.emplace(id, std::move(entry));
  by_identity_.emplace(identity, id);
  return {&run, true};
}

bool CheckPool::take_up_again(CheckRun& run, const config::Check& check, const Subscriber& subscriber, TimePoint now) {
  Entry& entry = *entries_.at(run.id());
  if (!(run.check().kind == check.kind) || !(run.check().endpoint == check.endpoint)) return false;
  if (!(run.check().timing == check.timing)) {
    if (!entry.subscribers.empty()) return false;
    run.set_timing(check.timing, now);
    reschedule(run);
  }
  entry.subscribers.push_back(subscriber);
  return true;
}

void CheckPool::release(const BalancedService* service, const std::vector<CheckRun*>& checks) {
  for (const CheckRun* check : checks)
    std::erase_if(entries_.at(check->id())->subscribers,
                  [service](const Subscriber& s) { return s.service == service; });
}

std::vector<std::unique_ptr<CheckPool::Entry>> CheckPool::collect(const std::vector<CheckRun*>& checks) {
  std::vector<std::unique_ptr<Entry>> orphans;
  for (const std::uint64_t id : ids_of(checks)) {
    const auto found = entries_.find(id);
    if (!found->second->subscribers.empty()) continue;
    const auto [begin, end] = by_identity_.equal_range(identity_of(found->second->run.check()));
    for (auto it = begin; it != end; ++it) {
      if (it->second != id) continue;
      by_identity_.erase(it);
      break;
    }
    orphans.push_back(std::move(found->second));
    entries_.erase(found);
  }
  return orphans;
}

CheckPool::Entry* CheckPool::find(std::uint64_t id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.get();
}

void CheckPool::reschedule(const CheckRun& run) {
  if (const auto at = run.next_deadline()) due_.push({*at, run.id()});
}

void CheckPool::tidy() {
  while (!due_.empty()) {
    const Due& first = due_.top();
    const auto found = entries_.find(first.id);
    if (found != entries_.end() && found->second->run.next_deadline() == first.at) return;
    due_.pop();
  }
}

std::optional<TimePoint> CheckPool::next_deadline() {
  tidy();
  return due_.empty() ? std::nullopt : std::optional(due_.top().at);
}

CheckPool::Entry* CheckPool::take_due(TimePoint now) {
  tidy();
  if (due_.empty() || due_.top().at > now) return nullptr;
  Entry* entry = entries_.at(due_.top().id).get();
  due_.pop();
  return entry;
}

}  // namespace holdfast::checker
