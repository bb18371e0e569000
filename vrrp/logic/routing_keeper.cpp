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
  out.push_back(Log{level, kept_->owner.empty() ? text : fmt::format("({}) {}", kept_->owner, text)});
}

const std::vector<RoutingEntry>& RoutingKeeper::wanted() const {
  static const std::vector<RoutingEntry> nothing;
  return kept_ ? kept_->wanted : nothing;
}

RoutingKeeper::Kept& RoutingKeeper::kept_for(const std::string& owner) {
  Kept& kept = kept_ ? *kept_ : kept_.emplace();
  kept.owner = owner;
  return kept;
}

void RoutingKeeper::drop_if_idle() {
  if (kept_ && kept_->wanted.empty() && kept_->doomed.empty()) kept_.reset();
}

std::optional<std::size_t> RoutingKeeper::index_of(const RoutingObject& object) const {
  if (!kept_) return std::nullopt;
  const auto [first, last] = kept_->index.equal_range(routing_key(object));
  for (auto at = first; at != last; ++at) {
    if (fits(kept_->wanted[at->second].object, object)) return at->second;
  }
  return std::nullopt;
}

const RoutingEntry* RoutingKeeper::find(const RoutingObject& object) const {
  const auto at = index_of(object);
  return at ? &kept_->wanted[*at] : nullptr;
}

bool RoutingKeeper::holds(const RoutingObject& object) const {
  const RoutingEntry* entry = holding_ ? find(object) : nullptr;
  return entry != nullptr && entry->object == object;
}

void RoutingKeeper::schedule(std::size_t at, std::optional<TimePoint> due) {
  std::optional<TimePoint>& held = kept_->held[at].due;
  if (held) kept_->due.erase({*held, at});
  held = due;
  if (due) kept_->due.insert({*due, at});
}

// ---- what is wanted -------------------------------------------------------------------------------------------------

bool RoutingKeeper::want(const std::string& owner, std::vector<RoutingEntry> wanted, TimePoint now) {
  if (kept_) kept_->owner = owner;
  if (wanted == this->wanted()) return false;
  ++revision_;
  Kept& kept = kept_for(owner);
  std::vector<RoutingEntry> before = std::exchange(kept.wanted, std::move(wanted));
  std::vector<Held> held_before = std::move(kept.held);
  std::unordered_multimap<std::string, std::size_t> old_of;
  for (std::size_t i = 0; i < before.size(); ++i) old_of.emplace(routing_key(before[i].object), i);
  kept.held.assign(kept.wanted.size(), {});
  kept.index.clear();
  kept.due.clear();
  std::vector<bool> spared(before.size());
  for (std::size_t i = 0; i < kept.wanted.size(); ++i) {
    const std::string key = routing_key(kept.wanted[i].object);
    kept.index.emplace(key, i);
    std::optional<TimePoint> due = holding_ ? std::optional(now) : std::nullopt;
    Held& held = kept.held[i];
    const auto [first, last] = old_of.equal_range(key);
    for (auto at = first; at != last; ++at) {
      if (spared[at->second]) continue;
      const RoutingEntry& old = before[at->second];
      if (old.object == kept.wanted[i].object) {
        held = held_before[at->second];
        due = std::exchange(held.due, std::nullopt);
        spared[at->second] = true;
        break;
      }
      held.anew = true;
      held.replace = only_one_of_its_key(kept.wanted[i]);
      if (held.replace) spared[at->second] = true;
    }
    schedule(i, due);
  }
  for (std::size_t i = before.size(); holding_ && i-- > 0;) {
    if (!spared[i]) kept.doomed.push_back(std::move(before[i]));
  }
  drop_if_idle();
  return true;
}

void RoutingKeeper::inherit(const std::string& owner, const std::vector<RoutingEntry>& past) {
  for (std::size_t i = past.size(); i-- > 0;) {
    if (find(past[i].object) == nullptr) kept_for(owner).doomed.push_back(past[i]);
  }
}

void RoutingKeeper::hold(TimePoint now) {
  holding_ = true;
  sweep_ = false;
  for (std::size_t i = 0; i < wanted().size(); ++i) {
    kept_->held[i] = {kept_->held[i].due, {}, false, false, false, 0, {}, 0};
    schedule(i, now);
  }
}

void RoutingKeeper::let_go(Effects& out) {
  if (holding_ && kept_) {
    std::vector<RoutingEntry> all = std::exchange(kept_->doomed, {});
    all.insert(all.end(), wanted().rbegin(), wanted().rend());
    remove(std::move(all), true, out);
  }
  if (holding_) forget();
}

void RoutingKeeper::forget() {
  holding_ = false;
  sweep_ = false;
  for (std::size_t i = 0; i < wanted().size(); ++i) schedule(i, std::nullopt);
  if (kept_) kept_->doomed.clear();
  drop_if_idle();
}

void RoutingKeeper::remove(std::vector<RoutingEntry> entries, bool say, Effects& out) const {
  if (entries.empty()) return;
  std::ranges::stable_partition(entries, [](const RoutingEntry& entry) { return !is_route(entry); });
  if (say && !kept_->owner.empty()) {
    if (!is_route(entries.front())) log(LogLevel::Info, "removing Virtual Rules", out);
    if (is_route(entries.back())) log(LogLevel::Info, "removing Virtual Routes", out);
  }
  out.push_back(RemoveRouting{kept_->owner, std::move(entries)});
}

// ---- what the kernel says -------------------------------------------------------------------------------------------

void RoutingKeeper::restore(std::size_t at, TimePoint now) {
  Held& held = kept_->held[at];
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
  kept_->held[*at].issued = {};
  kept_->held[*at].refusal = 0;
}

std::set<std::string> RoutingKeeper::refused_texts() const {
  std::set<std::string> texts;
  for (std::size_t i = 0; i < wanted().size(); ++i) {
    if (holding_ && kept_->held[i].refusal != 0) texts.insert(kept_->wanted[i].text);
  }
  return texts;
}

void RoutingKeeper::vanished(const RoutingObject& object, TimePoint now, Effects& out) {
  const auto at = index_of(object);
  if (!at || !holding_ || !kept_->wanted[*at].tracked || kept_->held[*at].due) return;
  out.push_back(Log{LogLevel::Info, fmt::format("Netlink reflector reports {} {} removed", noun_of(kept_->wanted[*at]),
                                                kept_->wanted[*at].text)});
  restore(*at, now);
}

void RoutingKeeper::compare(const RoutingFacts& facts, TimePoint now, Effects& out) {
  if (!holding_) return;
  for (std::size_t i = 0; i < wanted().size(); ++i) {
    if (!kept_->wanted[i].tracked || kept_->held[i].due || now < kept_->held[i].issued + kUnderWay) continue;
    if (!facts.has(kept_->wanted[i].object)) vanished(kept_->wanted[i].object, now, out);
  }
}

void RoutingKeeper::refused(const RoutingObject& object, int error, bool there, TimePoint now, Effects& out) {
  const auto at = index_of(object);
  if (!at || !holding_ || (error == EEXIST && there)) return;
  Held& held = kept_->held[*at];
  schedule(*at, now + kRetryRefused);
  if (std::exchange(held.refusal, error) == error) return;
  log(LogLevel::Error,
      fmt::format("cannot add {} {}: {} - trying again every second", noun_of(kept_->wanted[*at]),
                  kept_->wanted[*at].text, std::strerror(error)),
      out);
}

// ---- chores ---------------------------------------------------------------------------------------------------------

void RoutingKeeper::issue(std::size_t at, TimePoint now, AddRouting& batch, Effects& out) {
  Held& held = kept_->held[at];
  const RoutingEntry& entry = kept_->wanted[at];
  if (std::exchange(held.restoring, false)) {
    const char* how = kept_->owner.empty() ? "Restoring deleted static" : "restoring";
    log(LogLevel::Info, fmt::format("{} {} {}", how, noun_of(entry), entry.text), out);
  }
  held.issued = now;
  held.anew = false;
  batch.entries.push_back(entry);
  if (held.replace) batch.entries.back().order = RoutingOrder::Replace;
}

void RoutingKeeper::sweep(const RoutingFacts& facts, Effects& out) {
  if (holding_ || !std::exchange(sweep_, false) || !kept_) return;
  std::vector<RoutingEntry> residual = std::exchange(kept_->doomed, {});
  for (std::size_t i = wanted().size(); i-- > 0;) {
    if (facts.has(wanted()[i].object)) residual.push_back(wanted()[i]);
  }
  remove(std::move(residual), true, out);
}

bool RoutingKeeper::chores(const RoutingFacts& facts, TimePoint now, Budget& budget, Effects& out) {
  // Nobody watches for an owner without wishes.
  if (kept_ && kept_->wanted.empty()) remove(std::exchange(kept_->doomed, {}), false, out);
  drop_if_idle();
  if (!facts.known()) return true;
  sweep(facts, out);
  if (!holding_ || !kept_) return true;
  AddRouting batch{kept_->owner, {}};
  const auto& due = kept_->due;
  while (!due.empty() && due.begin()->first <= now) {
    const std::size_t at = due.begin()->second;
    Held& held = kept_->held[at];
    const bool there = !held.anew && facts.has(kept_->wanted[at].object);
    if (!there && !budget.spend(Budget::kCostOfAddress)) break;
    schedule(at, std::nullopt);
    held.restoring = held.restoring && !there;
    if (!there) issue(at, now, batch, out);
  }
  if (!batch.entries.empty()) out.push_back(std::move(batch));
  if (!due.empty() && due.begin()->first <= now) return false;
  remove(std::exchange(kept_->doomed, {}), false, out);
  return true;
}

std::optional<TimePoint> RoutingKeeper::next_deadline(const RoutingFacts& facts) const {
  if (!facts.known() || !kept_ || kept_->due.empty()) return std::nullopt;
  return kept_->due.begin()->first;
}

}  // namespace holdfast::vrrp
