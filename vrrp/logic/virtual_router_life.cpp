// A virtual router from its first breath to its last: what begins it, what a reload changes, what ends it.
#include <utility>

#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

void VirtualRouter::begin(const Surroundings& around, const InstanceRecord* past, TimePoint died_at, TimePoint now,
                          Effects& out) {
  if (past != nullptr && past->interface_kind.starts_with(settings_.interface + " ")) {
    interface_kind_ = past->interface_kind.substr(settings_.interface.size() + 1);
    kind_seen_ = true;
  }
  adopt(around);
  log_ignored_trackers(out);
  Actions actions;
  machine_.configure(election_of(settings_, standing_, around), now, actions);
  if (past != nullptr) {
    vmacs_.inherit(past->vmacs);
    vmacs_.learn(around.links);
    ++firewall_revision_;
    wire_ = resumed(*past, now);
    statistics_.conflicts = past->conflicts;
    notifier_.resume_from(past->state, settings_);
    if (standing_.assessment.faults.empty()) machine_.resume(*past, died_at, now, actions);
  }
  const bool active = machine_.state() == State::Active;
  if (!active) remove_residuals(around, past, out);
  carry_out(actions, now, out);
  if (active) remove_residuals(around, past, out);
  if (past != nullptr && past->state == State::Active) routing_.inherit(settings_.name, past->routing);
  if (!active) routing_.sweep_residuals();
  log_faults({}, out);
  actions.clear();
  machine_.set_readiness(readiness_of(standing_.assessment), now, actions);
  carry_out(actions, now, out);
  dirty_ = past == nullptr || record() != *past;
}

/// VIPs that a predecessor left: all of them unless we hold them, and those of its list that are not on ours.
void VirtualRouter::remove_residuals(const Surroundings& around, const InstanceRecord* past, Effects& out) {
  std::vector<KernelAddress> residual;
  if (past != nullptr && past->state == State::Active) {
    for (const KernelAddress& address : past->addresses) {
      if (!keeper_.wants(key_of(address)) && around.links.by_index(address.interface_index) != nullptr) {
        keeper_.holding() ? doomed_.push_back(address) : residual.push_back(address);
      }
    }
  }
  if (keeper_.holding()) return;
  for (const KernelAddress& address : keeper_.wanted()) {
    const bool there = around.links.has(key_of(address)) && !around.leaving.contains(key_of(address));
    if (there) residual.push_back(address);
  }
  remove_addresses(std::move(residual), out);
}

void VirtualRouter::configure(const config::VrrpInstance& next, const Surroundings& around, TimePoint now,
                              Effects& out) {
  wake(now, out);
  kind_seen_ = false;
  if (next != settings_) {
    const bool other_trackers = next.track_interfaces != settings_.track_interfaces;
    settings_ = next;
    sent_.forget();
    heard_.forget();
    ++firewall_revision_;
    vmacs_.want(vmacs_of(settings_));
    if (other_trackers) log_ignored_trackers(out);
    complaints_.clear();
    dirty_ = true;
  }
  take_in(around, StateMachine::Tell::WithNextAdvert, now, out);
}

void VirtualRouter::remove(TimePoint now, Effects& out) {
  Actions actions;
  machine_.stop(false, now, actions);
  carry_out(actions, now, out);
  vmacs_.remove_all(settings_.name, out);
  notifier_.removed(notify_subject(), out);
}

void VirtualRouter::stop(bool keep_addresses, TimePoint now, Effects& out) {
  Actions actions;
  machine_.stop(keep_addresses, now, actions);
  carry_out(actions, now, out);
  keeper_.let_go();
  announcer_.stop();
  routing_.forget();
  doomed_.clear();
  if (!keep_addresses) vmacs_.remove_all(settings_.name, out);
  notifier_.stopped(notify_subject(), out);
}

void VirtualRouter::replace_addresses(const LinkTable& links, TimePoint now, Effects& out) {
  if (keeper_.holding() && vmacs_.awaited_by_reload()) return;
  std::vector<KernelAddress> wanted = resolve_addresses(settings_, links);
  if (wanted == keeper_.wanted()) return;
  dirty_ = true;
  ++firewall_revision_;
  std::set<IpAddress> wanted_addresses;
  std::vector<KernelAddress> fresh;
  std::vector<KernelAddress> first;
  for (const KernelAddress& address : wanted) {
    wanted_addresses.insert(address.entry.prefix.address);
    const KernelAddress* old = keeper_.find(key_of(address));
    if (old == nullptr)
      fresh.push_back(address);
    else if (keeper_.holding() && !same_in_kernel(*old, address))
      first.push_back(*old);  // a label only comes anew
  }
  for (KernelAddress& old : keeper_.want(std::move(wanted), now)) {
    if (!keeper_.holding() || links.by_index(old.interface_index) == nullptr) continue;
    // the kernel holds an IPv6 address once, whatever its prefix length; IPv4 may have both for a moment
    const IpAddress& address = old.entry.prefix.address;
    const bool in_the_way = !address.is_v4() && wanted_addresses.contains(address);
    in_the_way ? first.push_back(std::move(old)) : doomed_.push_back(std::move(old));
  }
  if (!first.empty()) out.push_back(RemoveAddresses{settings_.name, std::move(first)});
  if (!keeper_.holding()) return;
  for (KernelAddress& address : fresh) to_announce_.push_back(std::move(address));
}

void VirtualRouter::replace_routing(const Surroundings& around, TimePoint now) {
  routing_facts_ = around.routing;
  std::vector<RoutingEntry> wanted = resolve_routing(settings_.virtual_routes, settings_.virtual_rules, around.links);
  if (routing_.want(settings_.name, std::move(wanted), now)) dirty_ = true;
}

void VirtualRouter::spare(const std::function<bool(const AddressKey&)>& held_elsewhere) {
  doomed_.erase_if([&](const KernelAddress& address) { return held_elsewhere(key_of(address)); });
}

}  // namespace holdfast::vrrp
