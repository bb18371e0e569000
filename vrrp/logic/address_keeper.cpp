#include "vrrp/logic/address_keeper.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace holdfast::vrrp {

namespace {

constexpr Duration kUnderWay = seconds(1);
constexpr std::size_t kSearchedInOrder = 8;

}  // namespace

AddressKey key_of(const KernelAddress& address) {
  const config::VirtualAddress& entry = address.entry;
  return {address.interface_index,
          {entry.prefix.address, entry.details->peer ? entry.details->peer->length : entry.prefix.length}};
}

bool same_in_kernel(const KernelAddress& a, const KernelAddress& b) {
  KernelAddress like_a = b;
  like_a.valid_lifetime = a.valid_lifetime;
  like_a.entry.no_track = a.entry.no_track;
  if (like_a.entry.details->track_group != a.entry.details->track_group)
    like_a.entry.details.own().track_group = a.entry.details->track_group;
  like_a.entry.interface = a.entry.interface;
  return like_a == a;
}

const KernelAddress* AddressKeeper::find(const AddressKey& key) const {
  const auto at = position(key);
  return at ? &wanted_[*at] : nullptr;
}

std::optional<std::size_t> AddressKeeper::position(const AddressKey& key) const {
  const auto key_at = [this](std::size_t at) { return key_of(wanted_[at]); };
  if (!by_key_.empty()) {
    const auto* found = std::ranges::lower_bound(by_key_, key, {}, key_at);
    return found != by_key_.end() && key_at(*found) == key ? std::optional<std::size_t>(*found) : std::nullopt;
  }
  for (std::size_t at = 0; at < wanted_.size(); ++at) {
    if (key_at(at) == key) return at;
  }
  return std::nullopt;
}

void AddressKeeper::sort_positions() {
  by_key_.clear();
  if (wanted_.size() <= kSearchedInOrder) return;
  std::vector<std::uint32_t> places(wanted_.size());
  std::iota(places.begin(), places.end(), 0U);
  std::ranges::stable_sort(places, {}, [this](std::uint32_t at) { return key_of(wanted_[at]); });
  by_key_ = std::move(places);
}

void AddressKeeper::verify(const LinkTable& links, TimePoint now) {
  if (!holding_) return;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const bool missing = !links.has(key_of(wanted_[i])) && links.by_index(wanted_[i].interface_index) != nullptr;
    if (missing && !wanted_[i].entry.no_track && held_[i].due == kNever && now >= held_[i].issued + kUnderWay)
      schedule(i, now);
  }
}

std::vector<KernelAddress> AddressKeeper::want(std::vector<KernelAddress> wanted, TimePoint now) {
  std::vector<Held> held(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto old = position(key_of(wanted[i]));
    const bool same =
        old && same_in_kernel(wanted_[*old], wanted[i]) && wanted_[*old].valid_lifetime == wanted[i].valid_lifetime;
    if (same)
      held[i] = held_[*old];
    else if (holding_)
      held[i].due = now;
  }
  std::vector<KernelAddress> unwanted = std::exchange(wanted_, std::move(wanted));
  sort_positions();
  std::erase_if(unwanted, [this](const KernelAddress& address) { return wants(key_of(address)); });
  held_ = std::move(held);
  due_.clear();
  for (std::size_t i = 0; i < held_.size(); ++i) schedule(i, std::exchange(held_[i].due, kNever));
  return unwanted;
}

/// How often it was restored still counts.
void AddressKeeper::calm(Held& held) {
  if (held.trouble.usual()) return;
  held.trouble.own().restoring = false;
  held.trouble.own().refused = false;
}

void AddressKeeper::hold(TimePoint now) {
  holding_ = true;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    calm(held_[i]);
    schedule(i, now);
  }
}

void AddressKeeper::let_go() {
  holding_ = false;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    calm(held_[i]);
    schedule(i, kNever);
  }
}

void AddressKeeper::schedule(std::size_t at, TimePoint due) {
  if (held_[at].due != kNever) {
    due_.own().erase({held_[at].due, at});
    if (due_->empty()) due_.clear();
  }
  held_[at].due = due;
  if (due != kNever) due_.own().insert({due, at});
}

AddressKeeper::Loss AddressKeeper::vanished(const AddressKey& key, TimePoint now) {
  const auto at = position(key);
  if (!at) return Loss::NotOurs;
  Held& held = held_[*at];
  if (!holding_ || wanted_[*at].entry.no_track || held.due <= now) return Loss::Ignored;
  Trouble& trouble = held.trouble.own();
  if (now >= trouble.window + seconds(1)) {
    trouble.window = now;
    trouble.restores = 0;
  }
  const bool fight = ++trouble.restores > kRestoresPerSecond;
  trouble.restoring = true;
  schedule(*at, fight ? trouble.window + seconds(1) : now);
  return Loss::Restoring;
}

bool AddressKeeper::refused(const AddressKey& key, TimePoint now) {
  const auto at = position(key);
  if (!at || !holding_) return false;
  held_[*at].trouble.own().refused = true;
  schedule(*at, now + kRetryRefused);
  return true;
}

bool AddressKeeper::appeared(const AddressKey& key) {
  const auto at = position(key);
  if (!at || !holding_) return false;
  Held& held = held_[*at];
  const bool again = held.trouble->restoring || held.trouble->refused;
  if (again && wanted_[*at].valid_lifetime == Duration::zero()) schedule(*at, kNever);
  return held.trouble->refused && std::exchange(held.trouble.own().refused, false);
}

AddressKeeper::Batch AddressKeeper::next_batch(TimePoint now, Budget& budget) {
  Batch batch;
  while (!due_->empty() && due_->begin()->first <= now && budget.spend(Budget::kCostOfAddress)) {
    const std::size_t at = due_->begin()->second;
    const Duration lifetime = wanted_[at].valid_lifetime;
    schedule(at, lifetime > Duration::zero() ? now + lifetime / 3 : kNever);
    held_[at].issued = now;
    batch.addresses.push_back(wanted_[at]);
    if (held_[at].trouble->restoring) {
      batch.restored.push_back(wanted_[at]);
      held_[at].trouble.own().restoring = false;
    }
  }
  return batch;
}

std::optional<TimePoint> AddressKeeper::next_deadline() const {
  if (due_->empty()) return std::nullopt;
  return due_->begin()->first;
}

}  // namespace holdfast::vrrp
