#include "vrrp/logic/routing_keeper.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr Duration kUnderWay = seconds(1);

/// The kernel has one of this key at most.
bool only_one_of_its_key(const RoutingEntry& entry) {
  const auto* route = std::get_if<RouteSpec>(&entry.object);
  return route != nullptr && (route->family() == Family::IPv6 || entry.order == RoutingOrder::Exclusive);
}

}  // namespace

void RoutingKeeper::log(LogLevel level, const std::string& text, Effects& out) const {
  out.push_back(Log{level, owner_.empty() ? text : fmt::format("({}) {}", owner_, text)});
}

std::optional<std::size_t> RoutingKeeper::index_of(const RoutingObject& object) const {
  const auto [first, last] = index_.equal_range(routing_key(object));
  for (auto at = first; at != last; ++at) {
    if (fits(wanted_[at->second].object, object)) return at->second;
  }
  return std::nullopt;
}

const RoutingEntry* RoutingKeeper::find(const RoutingObject& object) const {
  const auto at = index_of(object);
  return at ? &wanted_[*at] : nullptr;
}

bool RoutingKeeper::holds(const RoutingObject& object) const {
  const RoutingEntry* entry = holding_ ? find(object) : nullptr;
  return entry != nullptr && entry->object == object;
}

void RoutingKeeper::schedule(std::size_t at, std::optional<TimePoint> due) {
  if (held_[at].due) due_.erase({*held_[at].due, at});
  held_[at].due = due;
  if (due) due_.insert({*due, at});
}

// ---- what is wanted -------------------------------------------------------------------------------------------------

bool RoutingKeeper::want(std::vector<RoutingEntry> wanted, TimePoint now) {
  if (wanted == wanted_) return false;
  ++revision_;
  std::vector<RoutingEntry> before = std::exchange(wanted_, std::move(wanted));
  std::vector<Held> held_before = std::move(held_);
  std::unordered_multimap<std::string, std::size_t> old_of;
  for (std::size_t i = 0; i < before.size(); ++i) old_of.emplace(routing_key(before[i].object), i);
  held_.assign(wanted_.size(), {});
  index_.clear();
  due_.clear();
  std::vector<bool> spared(before.size());
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const std::string key = routing_key(wanted_[i].object);
    index_.emplace(key, i);
    std::optional<TimePoint> due = holding_ ? std::optional(now) : std::nullopt;
    const auto [first, last] = old_of.equal_range(key);
    for (auto at = first; at != last; ++at) {
      if (spared[at->second]) continue;
      const RoutingEntry& old = before[at->second];
      if (old.object == wanted_[i].object) {
        held_[i] = held_before[at->second];
        due = std::exchange(held_[i].due, std::nullopt);
        spared[at->second] = true;
        break;
      }
      held_[i].anew = true;
      held_[i].replace = only_one_of_its_key(wanted_[i]);
      if (held_[i].replace) spared[at->second] = true;
    }
    schedule(i, due);
  }
  for (std::size_t i = before.size(); holding_ && i-- > 0;) {
    if (!spared[i]) doomed_.push_back(std::move(before[i]));
  }
  return true;
}

void RoutingKeeper::inherit(const std::vector<RoutingEntry>& past) {
  for (std::size_t i = past.size(); i-- > 0;) {
    if (find(past[i].object) == nullptr) doomed_.push_back(past[i]);
  }
}

void RoutingKeeper::hold(TimePoint now) {
  holding_ = true;
  sweep_ = false;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    held_[i] = {held_[i].due, {}, false, false, false, 0, {}, 0};
    schedule(i, now);
  }
}

void RoutingKeeper::let_go(Effects& out) {
  if (!holding_) return;
  std::vector<RoutingEntry> all = std::exchange(doomed_, {});
  all.insert(all.end(), wanted_.rbegin(), wanted_.rend());
  forget();
  remove(std::move(all), true, out);
}

void RoutingKeeper::forget() {
  holding_ = false;
  sweep_ = false;
  doomed_.clear();
  for (std::size_t i = 0; i < held_.size(); ++i) schedule(i, std::nullopt);
}

void RoutingKeeper::remove(std::vector<RoutingEntry> entries, bool say, Effects& out) const {
  if (entries.empty()) return;
  std::ranges::stable_partition(entries, [](const RoutingEntry& entry) { return !is_route(entry); });
  if (say && !owner_.empty()) {
    if (!is_route(entries.front())) log(LogLevel::Info, "removing Virtual Rules", out);
    if (is_route(entries.back())) log(LogLevel::Info, "removing Virtual Routes", out);
  }
  out.push_back(RemoveRouting{owner_, std::move(entries)});
}

// ---- what the kernel says -------------------------------------------------------------------------------------------

void RoutingKeeper::restore(std::size_t at, TimePoint now) {
  Held& held = held_[at];
  if (now >= held.window + seconds(1)) {
    held.window = now;
    held.restores = 0;
  }
  const bool fight = ++held.restores > AddressKeeper::kRestoresPerSecond;
  held.restoring = true;
  schedule(at, fight ? held.window + seconds(1) : now);
}

void RoutingKeeper::appeared(const RoutingObject& object) {
  const auto at = index_of(object);
  if (!at) return;
  held_[*at].issued = {};
  held_[*at].refusal = 0;
}

std::set<std::string> RoutingKeeper::refused_texts() const {
  std::set<std::string> texts;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (holding_ && held_[i].refusal != 0) texts.insert(wanted_[i].text);
  }
  return texts;
}

void RoutingKeeper::vanished(const RoutingObject& object, TimePoint now, Effects& out) {
  const auto at = index_of(object);
  if (!at || !holding_ || !wanted_[*at].tracked || held_[*at].due) return;
  out.push_back(Log{LogLevel::Info,
                    fmt::format("Netlink reflector reports {} {} removed", noun_of(wanted_[*at]), wanted_[*at].text)});
  restore(*at, now);
}

void RoutingKeeper::compare(const RoutingFacts& facts, TimePoint now, Effects& out) {
  if (!holding_) return;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (!wanted_[i].tracked || held_[i].due || now < held_[i].issued + kUnderWay) continue;
    if (!facts.has(wanted_[i].object)) vanished(wanted_[i].object, now, out);
  }
}

void RoutingKeeper::refused(const RoutingObject& object, int error, bool there, TimePoint now, Effects& out) {
  const auto at = index_of(object);
  if (!at || !holding_ || (error == EEXIST && there)) return;
  Held& held = held_[*at];
  schedule(*at, now + kRetryRefused);
  if (std::exchange(held.refusal, error) == error) return;
  log(LogLevel::Error,
      fmt::format("cannot add {} {}: {} - trying again every second", noun_of(wanted_[*at]), wanted_[*at].text,
                  std::strerror(error)),
      out);
}

// ---- chores ---------------------------------------------------------------------------------------------------------

void RoutingKeeper::issue(std::size_t at, TimePoint now, AddRouting& batch, Effects& out) {
  Held& held = held_[at];
  const RoutingEntry& entry = wanted_[at];
  if (std::exchange(held.restoring, false)) {
    const char* how = owner_.empty() ? "Restoring deleted static" : "restoring";
    log(LogLevel::Info, fmt::format("{} {} {}", how, noun_of(entry), entry.text), out);
  }
  held.issued = now;
  held.anew = false;
  batch.entries.push_back(entry);
  if (held.replace) batch.entries.back().order = RoutingOrder::Replace;
}

void RoutingKeeper::sweep(const RoutingFacts& facts, Effects& out) {
  if (holding_ || !std::exchange(sweep_, false)) return;
  std::vector<RoutingEntry> residual = std::exchange(doomed_, {});
  for (std::size_t i = wanted_.size(); i-- > 0;) {
    if (facts.has(wanted_[i].object)) residual.push_back(wanted_[i]);
  }
  remove(std::move(residual), true, out);
}

bool RoutingKeeper::chores(const RoutingFacts& facts, TimePoint now, Budget& budget, Effects& out) {
  if (wanted_.empty()) remove(std::exchange(doomed_, {}), false, out);  // nobody watches for an owner without wishes
  if (!facts.known()) return true;
  sweep(facts, out);
  if (!holding_) return true;
  AddRouting batch{owner_, {}};
  while (!due_.empty() && due_.begin()->first <= now) {
    const std::size_t at = due_.begin()->second;
    const bool there = !held_[at].anew && facts.has(wanted_[at].object);
    if (!there && !budget.spend(Budget::kCostOfAddress)) break;
    schedule(at, std::nullopt);
    held_[at].restoring = held_[at].restoring && !there;
    if (!there) issue(at, now, batch, out);
  }
  if (!batch.entries.empty()) out.push_back(std::move(batch));
  if (!due_.empty() && due_.begin()->first <= now) return false;
  remove(std::exchange(doomed_, {}), false, out);
  return true;
}

std::optional<TimePoint> RoutingKeeper::next_deadline(const RoutingFacts& facts) const {
  if (!facts.known() || due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace holdfast::vrrp
