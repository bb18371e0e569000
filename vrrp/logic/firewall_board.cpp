#include "vrrp/logic/firewall_board.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace holdfast::vrrp {

void FirewallBoard::configure(const config::FirewallSettings& settings, bool needed) {
  needed_ = needed;
  const FirewallStyle style{settings.table(), settings.priority, settings.counters};
  if (style == style_) return;
  style_ = style;
  if (standing_) make_at_ = TimePoint{};
}

// ---- shares ------------------------------------------------------------------------------------------------------------

void FirewallBoard::set_share(RouterId id, std::uint64_t revision, const std::function<Share()>& make) {
  const auto at = std::ranges::lower_bound(seen_, id, {}, &Seen::id);
  const bool first = at == seen_.end() || at->id != id;
  if (!first && at->revision == revision) return;
  if (first)
    seen_.insert(at, {id, revision});
  else
    at->revision = revision;
  Share share = make();
  if (!first) share.lingering.clear();  // what appears later is somebody else's
  add(share);                           // first: what is in both is never without a user
  if (const auto before = shares_.extract(id)) remove(before.mapped());
  share.lingering.clear();  // it has counted
  if (!share.dropped.empty() || !share.vmacs.empty()) shares_.emplace(id, std::move(share));
}

bool FirewallBoard::knows(RouterId id, std::uint64_t revision) const {
  const auto at = std::ranges::lower_bound(seen_, id, {}, &Seen::id);
  return at != seen_.end() && at->id == id && at->revision == revision;
}

void FirewallBoard::forget(RouterId id) {
  std::erase_if(seen_, [id](const Seen& seen) { return seen.id == id; });
  if (const auto share = shares_.extract(id)) remove(share.mapped());
}

void FirewallBoard::add(const Share& share) {
  for (const auto& [dropped, key] : share.dropped) {
    ++users_[dropped];
    fading_at_.erase(key);
    fading_.erase(dropped);
    touched_.insert(dropped);
  }
  for (const auto& [dropped, key] : share.lingering) {
    if (!users_.contains(dropped)) fade(dropped, key);
  }
  for (const VmacPath& path : share.vmacs) {
    ++paths_[path];
    touched_paths_.insert(path);
  }
}

void FirewallBoard::remove(const Share& share) {
  for (const auto& [dropped, key] : share.dropped) {
    const auto users = users_.find(dropped);
    if (--users->second > 0) continue;
    users_.erase(users);
    fade(dropped, key);
  }
  for (const VmacPath& path : share.vmacs) {
    const auto users = paths_.find(path);
    if (--users->second > 0) continue;
    paths_.erase(users);
    touched_paths_.insert(path);
  }
}

void FirewallBoard::fade(const DroppedAddress& dropped, const AddressKey& key) {
  fading_.insert_or_assign(dropped, key);
  fading_at_.insert_or_assign(key, dropped);
  doubtful_.insert(dropped);
  touched_.insert(dropped);
}

void FirewallBoard::gone(const AddressKey& key) {
  const auto found = fading_at_.find(key);
  if (found != fading_at_.end()) doubtful_.insert(found->second);
}

void FirewallBoard::doubt_all() {
  for (const auto& [dropped, key] : fading_) doubtful_.insert(dropped);
}

void FirewallBoard::drop_faded(const std::function<bool(const AddressKey&)>& in_use) {
  for (const DroppedAddress& dropped : std::exchange(doubtful_, {})) {
    const auto fading = fading_.find(dropped);
    if (fading == fading_.end() || in_use(fading->second)) continue;
    fading_at_.erase(fading->second);
    fading_.erase(fading);
    touched_.insert(dropped);
  }
}

// ---- orders ------------------------------------------------------------------------------------------------------------

void FirewallBoard::step(const std::function<bool(const AddressKey&)>& in_use, TimePoint now, Effects& out) {
  drop_faded(in_use);
  if (make_at_ && *make_at_ > now) return;
  if (make_at_) return make(now, out);
  if (standing_ && check_at_ <= now) {
    check_at_ = now + kCheck;
    out.push_back(CheckFirewall{});
  }
  FirewallContent add;
  FirewallContent remove;
  for (const DroppedAddress& dropped : std::exchange(touched_, {})) {
    const bool ordered = ordered_.dropped.contains(dropped);
    if (wants(dropped) != ordered) (ordered ? remove : add).dropped.insert(dropped);
  }
  for (const VmacPath& path : std::exchange(touched_paths_, {})) {
    const bool ordered = ordered_.vmacs.contains(path);
    if ((!without_vmacs_ && paths_.contains(path)) != ordered) (ordered ? remove : add).vmacs.insert(path);
  }
  if (!add.empty() && (!standing_ || !standing_->covers(parts_of(add)))) return make(now, out);
  if (!add.empty() || !remove.empty()) change(std::move(add), std::move(remove), out);
  if (needed_ || !standing_ || !ordered_.empty()) return;
  standing_.reset();
  out.push_back(RemoveFirewall{});
}

void FirewallBoard::change(FirewallContent add, FirewallContent remove, Effects& out) {
  ordered_.dropped.insert(add.dropped.begin(), add.dropped.end());
  ordered_.vmacs.insert(add.vmacs.begin(), add.vmacs.end());
  for (const DroppedAddress& dropped : remove.dropped) ordered_.dropped.erase(dropped);
  for (const VmacPath& path : remove.vmacs) ordered_.vmacs.erase(path);
  out.push_back(ChangeFirewall{std::move(add), std::move(remove)});
}

FirewallContent FirewallBoard::content() const {
  FirewallContent all;
  for (const auto& [dropped, users] : users_) all.dropped.insert(dropped);
  for (const auto& [dropped, key] : fading_) all.dropped.insert(dropped);
  if (without_vmacs_) return all;
  for (const auto& [path, users] : paths_) all.vmacs.insert(path);
  return all;
}

void FirewallBoard::make(TimePoint now, Effects& out) {
  make_at_.reset();
  touched_.clear();
  touched_paths_.clear();
  FirewallContent all = content();
  if (all.empty() && !standing_) return;
  FirewallParts parts = standing_.value_or(FirewallParts{});
  parts.add(parts_of(all));
  standing_ = parts;
  ordered_ = all;
  made_at_ = now;
  check_at_ = now + kCheck;
  out.push_back(MakeFirewall{style_, parts, std::move(all)});
}

std::optional<TimePoint> FirewallBoard::next_deadline() const {
  return make_at_ || !standing_ ? make_at_ : check_at_;
}

void FirewallBoard::stop(bool keep_addresses, Effects& out) {
  make_at_.reset();
  if (std::exchange(standing_, std::nullopt) && !keep_addresses) out.push_back(RemoveFirewall{});
}

// ---- what went wrong ---------------------------------------------------------------------------------------------------

void FirewallBoard::refused(const FirewallRefused& event, TimePoint now, Effects& out) {
  if (event.what == FirewallRefused::What::Remove) {
    out.push_back(Log{LogLevel::Warning,
                      fmt::format("firewall: cannot remove {}: {}", event.object, std::strerror(event.error))});
    return;
  }
  if (event.what == FirewallRefused::What::Change) return vanished(now);
  standing_.reset();
  ordered_ = {};
  const bool less = event.of_vmacs && !without_vmacs_;
  without_vmacs_ = without_vmacs_ || less;
  make_at_ = less ? now : now + kRetry;
  complain(event, out);
}

void FirewallBoard::complain(const FirewallRefused& event, Effects& out) {
  const std::string next =
      event.of_vmacs ? "group reports of macvlans are not moved to the interface below"
                     : fmt::format("traffic to addresses of no_accept is not dropped; trying again every {:.6g} s",
                                   to_seconds(kRetry));
  std::string text = fmt::format("firewall: cannot make {}: {} - {}", event.object, std::strerror(event.error), next);
  if (text == complaint_) return;
  complaint_ = text;
  out.push_back(Log{event.of_vmacs ? LogLevel::Warning : LogLevel::Error, std::move(text)});
}

void FirewallBoard::vanished(TimePoint now) {
  if (!standing_) return;
  make_at_ = std::max(now, made_at_ + kLeastBetweenRepairs);
}

}  // namespace holdfast::vrrp
