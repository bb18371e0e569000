#include "vrrp/logic/address_keeper.h"

#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr Duration kUnderWay = seconds(1);

}  // namespace

AddressKey key_of(const KernelAddress& address) {
  const config::VirtualAddress& entry = address.entry;
  return {address.interface_index, {entry.prefix.address, entry.peer ? entry.peer->length : entry.prefix.length}};
}

bool same_in_kernel(const KernelAddress& a, const KernelAddress& b) {
  KernelAddress like_a = b;
  like_a.valid_lifetime = a.valid_lifetime;
  like_a.entry.no_track = a.entry.no_track;
  like_a.entry.track_group = a.entry.track_group;
  like_a.entry.interface = a.entry.interface;
  return like_a == a;
}

const KernelAddress* AddressKeeper::find(const AddressKey& key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &wanted_[found->second];
}

void AddressKeeper::verify(const LinkTable& links, TimePoint now) {
  if (!holding_) return;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const bool missing = !links.has(key_of(wanted_[i])) && links.by_index(wanted_[i].interface_index) != nullptr;
    if (missing && !wanted_[i].entry.no_track && !held_[i].due && now >= held_[i].issued + kUnderWay) schedule(i, now);
  }
}

std::vector<KernelAddress> AddressKeeper::want(std::vector<KernelAddress> wanted, TimePoint now) {
  std::vector<KernelAddress> before = std::move(wanted_);
  std::vector<Held> held_before = std::move(held_);
  std::map<AddressKey, std::size_t> index_before = std::move(index_);
  wanted_ = std::move(wanted);
  held_.assign(wanted_.size(), {});
  index_.clear();
  due_.clear();
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    index_.emplace(key_of(wanted_[i]), i);
    const auto old = index_before.find(key_of(wanted_[i]));
    std::optional<TimePoint> due;
    if (old != index_before.end() && same_in_kernel(before[old->second], wanted_[i]) &&
        before[old->second].valid_lifetime == wanted_[i].valid_lifetime) {
      held_[i] = held_before[old->second];
      due = held_[i].due;
    } else if (holding_) {
      due = now;
    }
    held_[i].due.reset();
    schedule(i, due);
  }
  std::vector<KernelAddress> unwanted;
  for (const KernelAddress& address : before) {
    if (!index_.contains(key_of(address))) unwanted.push_back(address);
  }
  return unwanted;
}

void AddressKeeper::hold(TimePoint now) {
  holding_ = true;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    held_[i].restoring = false;
    held_[i].refused = false;
    schedule(i, now);
  }
}

void AddressKeeper::let_go() {
  holding_ = false;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    held_[i].restoring = false;
    held_[i].refused = false;
    schedule(i, std::nullopt);
  }
}

void AddressKeeper::schedule(std::size_t at, std::optional<TimePoint> due) {
  if (held_[at].due) due_.erase({*held_[at].due, at});
  held_[at].due = due;
  if (due) due_.insert({*due, at});
}

AddressKeeper::Loss AddressKeeper::vanished(const AddressKey& key, TimePoint now) {
  const auto found = index_.find(key);
  if (found == index_.end()) return Loss::NotOurs;
  const std::size_t at = found->second;
  Held& held = held_[at];
  if (!holding_ || wanted_[at].entry.no_track || (held.due && *held.due <= now)) return Loss::Ignored;
  if (now >= held.window + seconds(1)) {
    held.window = now;
    held.restores = 0;
  }
  const bool fight = ++held.restores > kRestoresPerSecond;
  held.restoring = true;
  schedule(at, fight ? held.window + seconds(1) : now);
  return Loss::Restoring;
}

bool AddressKeeper::refused(const AddressKey& key, TimePoint now) {
  const auto found = index_.find(key);
  if (found == index_.end() || !holding_) return false;
  held_[found->second].refused = true;
  schedule(found->second, now + kRetryRefused);
  return true;
}

bool AddressKeeper::appeared(const AddressKey& key) {
  const auto found = index_.find(key);
  if (found == index_.end() || !holding_) return false;
  Held& held = held_[found->second];
  const bool again = held.restoring || held.refused;
  if (again && wanted_[found->second].valid_lifetime == Duration::zero()) schedule(found->second, std::nullopt);
  return std::exchange(held.refused, false);
}

AddressKeeper::Batch AddressKeeper::next_batch(TimePoint now, Budget& budget) {
  Batch batch;
  while (!due_.empty() && due_.begin()->first <= now && budget.spend(Budget::kCostOfAddress)) {
    const std::size_t at = due_.begin()->second;
    const Duration lifetime = wanted_[at].valid_lifetime;
    schedule(at, lifetime > Duration::zero() ? std::optional(now + lifetime / 3) : std::nullopt);
    held_[at].issued = now;
    batch.addresses.push_back(wanted_[at]);
    if (held_[at].restoring) batch.restored.push_back(wanted_[at]);
    held_[at].restoring = false;
  }
  return batch;
}

std::optional<TimePoint> AddressKeeper::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace holdfast::vrrp
