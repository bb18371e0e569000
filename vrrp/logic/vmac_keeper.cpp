#include "vrrp/logic/vmac_keeper.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace holdfast::vrrp {

std::vector<config::Vmac> vmacs_of(const config::VrrpInstance& settings) {
  std::vector<config::Vmac> all;
  if (settings.vmac) all.push_back(*settings.vmac);
  all.insert(all.end(), settings.address_vmacs.begin(), settings.address_vmacs.end());
  return all;
}

namespace {

/// Of a kind that we make.
bool may_be_ours(const LinkChanged& link) {
  return link.macvlan || link.ipvlan;
}

/// 0 = it belongs to none.
std::uint32_t vrf_of(const LinkChanged* link, const LinkTable& links) {
  const LinkChanged* master = link == nullptr ? nullptr : links.by_index(link->master);
  return master == nullptr || master->vrf_table == 0 ? 0 : master->index;
}

KernelAddress own_address_of(std::uint32_t index, const IpPrefix& prefix) {
  KernelAddress address;
  address.interface_index = index;
  address.entry.prefix = prefix;
  address.entry.details.own().preferred_lft_s = UINT32_MAX;  // adverts leave from it, whatever its length
  return address;
}

}  // namespace

bool is_right(const LinkChanged& link, const config::Vmac& vmac, std::uint32_t base_index) {
  if (vmac.ipvlan) return link.below == base_index && link.ipvlan_flags == static_cast<std::uint16_t>(vmac.mode);
  return link.macvlan && link.private_mode && link.below == base_index && link.mac == vmac.mac;
}

const LinkChanged* vmac_link(const config::Vmac& vmac, const LinkTable& links) {
  const LinkChanged* base = links.by_name(vmac.base);
  const LinkChanged* link = links.by_name(vmac.name);
  return base != nullptr && link != nullptr && is_right(*link, vmac, base->index) ? link : nullptr;
}

// ---- what is wanted -------------------------------------------------------------------------------------------------

void VmacKeeper::want(std::vector<config::Vmac> wanted) {
  const bool first = held_.empty();
  std::vector<Held> before = held_.take();
  for (config::Vmac& vmac : wanted) {
    const auto old = std::ranges::find_if(before, [&](const Held& held) { return held.vmac.name == vmac.name; });
    if (old == before.end()) {
      held_.push_back({});
      held_.back().reload = !first || active_;
    } else {
      if (old->vmac.address != vmac.address && old->vmac.address && old->index != 0) old->stale = old->vmac.address;
      held_.push_back(std::move(*old));
      before.erase(old);
    }
    held_.back().vmac = std::move(vmac);
  }
  for (const Held& gone : before) {
    if (gone.index != 0)
      doomed_.push_back({{gone.vmac.name, gone.index}, gone.vmac.base, gone.vmac.mac, gone.vmac.ipvlan});
  }
  // one whose MAC is still in use cannot be waited for: the addresses go with the old one
  if (std::ranges::any_of(doomed_, [this](const Doomed& doomed) { return in_the_way(doomed); })) {
    for (Held& held : held_) held.reload = false;
  }
}

void VmacKeeper::inherit(const std::vector<VmacRecord>& left) {
  for (const VmacRecord& record : left) {
    if (find(record.name) == nullptr) doomed_.push_back({record, {}, {}, false});
  }
}

bool VmacKeeper::in_the_way(const Doomed& doomed) const {
  return std::ranges::any_of(held_, [&](const Held& held) {
    if (held.index != 0 || held.vmac.base != doomed.base) return false;
    // one interface carries macvlans or ipvlans, not both
    return held.vmac.ipvlan != doomed.ipvlan || (!doomed.ipvlan && held.vmac.mac == doomed.mac);
  });
}

// ---- facts ----------------------------------------------------------------------------------------------------------

bool VmacKeeper::learn(const LinkTable& links) {
  bool changed = false;
  for (Held& held : held_) changed = learn_one(held, links) || changed;
  doomed_.erase_if([&](const Doomed& doomed) {
    const LinkChanged* link = links.by_index(doomed.record.interface_index);
    return link == nullptr || link->name != doomed.record.name || !may_be_ours(*link);
  });
  return changed;
}

bool VmacKeeper::learn_one(Held& held, const LinkTable& links) {
  const LinkChanged* base = links.by_name(held.vmac.base);
  const LinkChanged* link = links.by_name(held.vmac.name);
  const std::uint32_t before = held.index;
  held.base_index = base == nullptr ? 0 : base->index;
  const bool right = link != nullptr && base != nullptr && is_right(*link, held.vmac, base->index);
  held.index = right ? link->index : 0;
  held.wrong = link != nullptr && !right ? link->index : 0;
  held.foreign = held.wrong != 0 && !may_be_ours(*link);
  held.up = right && link->enabled;
  held.settled = !right || held.vmac.ipvlan || link->settled_as_vmac;
  held.vrf_index = right ? vrf_of(link, links) : 0;
  held.base_vrf_index = vrf_of(base, links);
  held.group = base == nullptr ? 0 : base->group;
  held.addressed = !right || !held.vmac.address || links.has({link->index, *held.vmac.address});
  if (held.index != before || held.addressed) held.address_at.reset();
  if (held.index != before || held.up) held.raise_at.reset();
  if (held.up) held.stuck_since.reset();
  if (right) {
    held.error = 0;
    held.reload = false;
    if (before == 0 && held.make_at) held.make_at = *held.make_at - kRetryMake + kLeastBetweenMakes;
  } else if (before != 0) {
    held.lowered = false;
  }
  return held.index != before;
}

// ---- what is done about it ------------------------------------------------------------------------------------------

void VmacKeeper::step(const std::string& instance, bool active, TimePoint now, Budget& budget, Effects& out) {
  active_ = active;
  tell_made(instance, out);
  const auto blocks = [this](const Doomed& doomed) { return in_the_way(doomed); };
  for (const Doomed& doomed : doomed_) {
    if (blocks(doomed)) remove(doomed.record, instance, out);
  }
  doomed_.erase_if(blocks);
  for (Held& held : held_) step_one(held, instance, now, budget, out);
}

void VmacKeeper::step_one(Held& held, const std::string& instance, TimePoint now, Budget& budget, Effects& out) {
  if (held.wrong != 0) return replace(held, instance, out);
  if (held.index == 0) return make(held, instance, now, budget, out);
  settle(held, out);
  follow_vrf(held, now, out);
  tell_of_base(held, out);
  keep_address(held, instance, now, out);
  if (active_ || held.vmac.ipvlan) return raise_one(held, now, out);
  if (held.up && !held.lowered) out.push_back(SetVmacUp{held.vmac.name, held.index, false});
  held.lowered = true;
  held.raise_at.reset();
}

void VmacKeeper::replace(Held& held, const std::string& instance, Effects& out) {
  if (held.base_index == 0) return;
  if (held.foreign) {
    if (std::exchange(held.error, EEXIST) == EEXIST) return;
    out.push_back(Log{LogLevel::Error, fmt::format("({}) interface {} exists and is no {}: it cannot be the VMAC",
                                                   instance, held.vmac.name, held.vmac.ipvlan ? "ipvlan" : "macvlan")});
    return;
  }
  if (std::exchange(held.removed_index, held.wrong) == held.wrong) return;
  out.push_back(Log{LogLevel::Warning, fmt::format("({}) VMAC interface {} has another base interface, mode or MAC: "
                                                   "replacing it",
                                                   instance, held.vmac.name)});
  out.push_back(RemoveVmac{held.vmac.name, held.wrong});
}

void VmacKeeper::make(Held& held, const std::string& instance, TimePoint now, Budget& budget, Effects& out) {
  if (held.base_index == 0 || (held.make_at && now < *held.make_at)) return;
  if (!budget.spend(kCostOfMake)) {
    held.make_at = now;  // in the next turn
    return;
  }
  held.asked = true;
  held.make_at = now + kRetryMake;
  out.push_back(MakeVmac{instance, held.vmac, held.base_index, held.base_vrf_index});
}

void VmacKeeper::settle(Held& held, Effects& out) {
  if (held.settled || held.settled_index == held.index) return;
  held.settled_index = held.index;
  out.push_back(SettleVmac{held.index, held.vmac});
}

void VmacKeeper::follow_vrf(Held& held, TimePoint now, Effects& out) {
  if (held.vrf_index == held.base_vrf_index || (held.move_at && now < *held.move_at)) return;
  held.move_at = now + kRetryMake;
  out.push_back(SetVmacVrf{held.vmac.name, held.index, held.base_vrf_index});
}

void VmacKeeper::tell_of_base(Held& held, Effects& out) {
  if (!held.vmac.tells_base || held.told_up == held.up) return;
  held.told_up = held.up;
  out.push_back(TellOfLink{held.base_index, held.group});
}

void VmacKeeper::keep_address(Held& held, const std::string& instance, TimePoint now, Effects& out) {
  if (!held.addressed && (!held.address_at || now >= *held.address_at)) {
    held.address_at = now + kRetryMake;
    out.push_back(AddAddresses{instance, {own_address_of(held.index, *held.vmac.address)}});
  }
  const auto stale = std::exchange(held.stale, std::nullopt);
  if (stale) out.push_back(RemoveAddresses{instance, {own_address_of(held.index, *stale)}});
}

bool VmacKeeper::has_address(const AddressKey& key) const {
  return std::ranges::any_of(held_, [&](const Held& held) {
    return held.index != 0 && held.index == key.interface_index && held.vmac.address == key.prefix;
  });
}

void VmacKeeper::tell_made(const std::string& instance, Effects& out) {
  for (Held& held : held_) {
    if (held.index == 0 || !std::exchange(held.asked, false)) continue;
    held.settled_index = held.index;  // it was made with its settings
    out.push_back(
        Log{LogLevel::Info, fmt::format("({}): Success creating VMAC interface {}", instance, held.vmac.name)});
  }
}

void VmacKeeper::raise_one(Held& held, TimePoint now, Effects& out) {
  held.lowered = false;
  if (held.index == 0 || held.up || (held.raise_at && now < *held.raise_at)) return;
  held.raise_at = now + kRetryRaise;
  out.push_back(SetVmacUp{held.vmac.name, held.index, true});
}

void VmacKeeper::raise(TimePoint now, Effects& out) {
  active_ = true;
  for (Held& held : held_) raise_one(held, now, out);
}

void VmacKeeper::remove(const VmacRecord& record, const std::string& instance, Effects& out) {
  out.push_back(Log{LogLevel::Info, fmt::format("({}) Success removing VMAC interface {}", instance, record.name)});
  out.push_back(RemoveVmac{record.name, record.interface_index});
}

void VmacKeeper::remove_unwanted(const std::string& instance, Effects& out) {
  for (const Doomed& doomed : doomed_.take()) remove(doomed.record, instance, out);
}

void VmacKeeper::remove_all(const std::string& instance, Effects& out) {
  remove_unwanted(instance, out);
  for (const VmacRecord& record : records()) remove(record, instance, out);
  held_.clear();
}

/// For a while it is tried again and again: a reload may be about to remove the one that has its MAC.
void VmacKeeper::stuck(Held& held, int error, const std::string& instance, TimePoint now, Effects& out) {
  if (!held.stuck_since) held.stuck_since = now;
  if (held.barred_until || now < *held.stuck_since + kPatience) return;
  held.barred_until = now + kBarred;
  out.push_back(
      Log{LogLevel::Error, fmt::format("({}) VMAC interface {} does not come up: {} - trying again in {:.6g} seconds",
                                       instance, held.vmac.name, std::strerror(error), to_seconds(kBarred))});
}

bool VmacKeeper::forgive(TimePoint now) {
  bool forgiven = false;
  for (Held& held : held_) {
    if (!held.barred_until || now < *held.barred_until) continue;
    held.barred_until.reset();
    held.stuck_since.reset();
    forgiven = true;
  }
  return forgiven;
}

void VmacKeeper::refused(const VmacRefused& event, const std::string& instance, TimePoint now, Effects& out) {
  using What = VmacRefused::What;
  Held* held = find(event.name);
  if (held == nullptr) return;
  if (event.what == What::Raise) return stuck(*held, event.error, instance, now, out);
  if (event.what == What::Make && event.error == EEXIST) return;  // the facts will tell of it
  if (event.what == What::Remove) held->removed_index = 0;
  if (event.what == What::Settle) {
    out.push_back(Log{LogLevel::Warning, fmt::format("({}) cannot settle VMAC interface {}: {}", instance, event.name,
                                                     std::strerror(event.error))});
  }
  if (event.what != What::Make) return;
  held->asked = false;
  held->reload = false;
  held->make_at = now + kRetryMake;
  if (std::exchange(held->error, event.error) == event.error) return;
  out.push_back(Log{LogLevel::Error, fmt::format("({}) cannot make VMAC interface {}: {} - trying again every second",
                                                 instance, event.name, std::strerror(event.error))});
}

// ---- questions ------------------------------------------------------------------------------------------------------

VmacKeeper::Held* VmacKeeper::find(const std::string& name) {
  const auto found = std::ranges::find_if(held_, [&](const Held& held) { return held.vmac.name == name; });
  return found == held_.end() ? nullptr : &*found;
}
const VmacKeeper::Held* VmacKeeper::find(const std::string& name) const {
  const auto found = std::ranges::find_if(held_, [&](const Held& held) { return held.vmac.name == name; });
  return found == held_.end() ? nullptr : &*found;
}

bool VmacKeeper::awaited() const {
  return std::ranges::any_of(held_, [](const Held& held) { return held.index == 0 && held.error == 0; });
}

bool VmacKeeper::awaited_by_reload() const {
  return std::ranges::any_of(held_, [](const Held& held) { return held.index == 0 && held.reload; });
}

std::string VmacKeeper::refused_name() const {
  const auto cannot = [](const Held& held) { return (held.index == 0 && held.error != 0) || held.barred_until; };
  const auto found = std::ranges::find_if(held_, cannot);
  return found == held_.end() ? std::string() : found->vmac.name;
}

std::uint32_t VmacKeeper::index_of(const std::string& name) const {
  const Held* held = find(name);
  return held == nullptr ? 0 : held->index;
}

bool VmacKeeper::usable(const std::string& name) const {
  const Held* held = find(name);
  return held != nullptr && held->index != 0 && (held->up || held->raise_at);
}

bool VmacKeeper::up(const std::string& name) const {
  const Held* held = find(name);
  return held != nullptr && held->up;
}

std::vector<VmacRecord> VmacKeeper::records() const {
  std::vector<VmacRecord> list;
  for (const Held& held : held_) {
    if (held.index != 0) list.push_back({held.vmac.name, held.index});
  }
  for (const Doomed& doomed : doomed_) list.push_back(doomed.record);
  return list;
}

std::optional<TimePoint> VmacKeeper::next_deadline() const {
  std::optional<TimePoint> due;
  const auto sooner = [&due](const std::optional<TimePoint>& at) {
    if (at && (!due || *at < *due)) due = at;
  };
  for (const Held& held : held_) {
    if (held.index == 0 && held.base_index != 0 && held.wrong == 0) sooner(held.make_at);
    if (held.index != 0 && (active_ || held.vmac.ipvlan) && !held.up) sooner(held.raise_at);
    if (held.index != 0 && !held.addressed) sooner(held.address_at);
    if (held.index != 0 && held.vrf_index != held.base_vrf_index) sooner(held.move_at);
    sooner(held.barred_until);
  }
  return due;
}

}  // namespace holdfast::vrrp
