#include "vrrp/logic/virtual_router.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "vrrp/logic/advert_builder.h"
#include "vrrp/logic/interface_kind.h"

namespace holdfast::vrrp {

VirtualRouter::VirtualRouter(config::VrrpInstance settings, const Surroundings& around)
    : settings_(std::move(settings)) {
  adopt(around);
}

void VirtualRouter::log(Effects& out, LogLevel level, const std::string& text) const {
  out.push_back(Log{level, fmt::format("({}) {}", settings_.name, text)});
}

// ---- facts ----------------------------------------------------------------------------------------------------------

/// Takes the facts as they are, without a word: for a router that has not begun.
void VirtualRouter::adopt(const Surroundings& around) {
  utc_ = around.utc;
  vmacs_.want(vmacs_of(settings_));
  vmacs_.learn(around.links);
  see_kind(around);
  standing_ = stand(around);
  keeper_.want(resolve_addresses(settings_, around.links), TimePoint{});
  replace_routing(around, TimePoint{});
}

Standing VirtualRouter::stand(const Surroundings& around) const {
  Standing standing = standing_of(settings_, around);
  if (!faulty_group_.empty()) {
    standing.assessment.faults.push_back({FaultReason::Kind::SyncGroup, *faulty_group_});
  }
  if (around.same_kind_only && kind_seen_) {
    const LinkChanged* link = around.links.by_name(settings_.interface);
    const std::string kind = link == nullptr ? *interface_kind_ : interface_kind(*link, around.links);
    if (kind != *interface_kind_) standing.assessment.faults.push_back({FaultReason::Kind::OtherInterface, kind});
  }
  const std::string refused = vmacs_.refused_name();
  if (!refused.empty()) standing.assessment.faults.push_back({FaultReason::Kind::Vmac, refused});
  standing.assessment.waiting = standing.assessment.waiting || vmacs_.awaited();
  return standing;
}

/// The first of its name is the one that others must be like.
void VirtualRouter::see_kind(const Surroundings& around) {
  if (!around.same_kind_only || kind_seen_ || settings_.interface.empty()) return;
  const LinkChanged* link = around.links.by_name(settings_.interface);
  if (link == nullptr) return;
  kind_seen_ = true;
  const std::string kind = interface_kind(*link, around.links);
  if (kind != *interface_kind_) dirty_ = true;
  interface_kind_ = kind;
}

void VirtualRouter::reassess(const Surroundings& around, TimePoint now, Effects& out) {
  wake(now, out);
  take_in(around, StateMachine::Tell::AtOnce, now, out);
}

void VirtualRouter::take_in(const Surroundings& around, StateMachine::Tell tell, TimePoint now, Effects& out) {
  const Few<FaultReason> before = standing_.assessment.faults;
  const Few<std::string> reasons_before = standing_.assessment.priority_reasons;
  if (vmacs_.learn(around.links)) {
    dirty_ = true;
    ++firewall_revision_;
  }
  vmacs_.tell_made(settings_.name, out);
  see_kind(around);
  standing_ = stand(around);
  replace_addresses(around.links, now, out);
  replace_routing(around, now);
  if (before != standing_.assessment.faults || reasons_before != standing_.assessment.priority_reasons) dirty_ = true;
  Actions actions;
  Election next = election_of(settings_, standing_, around);
  next.priority = machine_.election().priority;
  if (next != machine_.election()) machine_.configure(next, now, actions);
  const int priority_before = machine_.priority();
  machine_.set_priority(standing_.assessment.effective_priority, tell, now, actions);
  carry_out(actions, now, out);
  log_faults(before, out);
  if (settings_.notify_priority_changes && machine_.priority() != priority_before)
    notify_priority(notify_subject(), machine_.state(), out);
  actions.clear();
  machine_.set_readiness(readiness_of(standing_.assessment), now, actions);
  carry_out(actions, now, out);
}

void VirtualRouter::log_faults(const std::vector<FaultReason>& before, Effects& out) const {
  for (const FaultReason& reason : standing_.assessment.faults) {
    if (std::ranges::find(before, reason) != before.end()) continue;
    if (reason.kind == FaultReason::Kind::SyncGroup) continue;  // the group has said it for all
    const LogLevel level = machine_.state() == State::Fault ? LogLevel::Detail : LogLevel::Info;
    out.push_back(Log{level, reason.log_line(settings_.name)});
  }
}

void VirtualRouter::log_ignored_trackers(Effects& out) const {
  for (const config::TrackedInterface& tracked : settings_.track_interfaces) {
    if (tracked.interface != settings_.interface || tracked.weight == 0) continue;
    log(out, LogLevel::Info, fmt::format("Ignoring track_interface {} since own interface", tracked.interface));
  }
}

void VirtualRouter::wake(TimePoint now, Effects& out) {
  Actions actions;
  if (machine_.give_up_if_late(now, actions)) ++statistics_.late_listens;
  carry_out(actions, now, out);
}

// ---- events ---------------------------------------------------------------------------------------------------------

void VirtualRouter::hear(const Datagram& datagram, TimePoint now, Effects& out) {
  wake(now, out);
  if (machine_.state() != State::Backup && machine_.state() != State::Active) return;
  ++statistics_.adverts_received;
  const IpAddress followed = machine_.active_address();
  if (const auto again = heard_.find(datagram, followed); again && machine_.state() == State::Backup) {
    return take_advert(*again, now, out);
  }
  wire_.utc = utc_at(utc_, now);
  const IpAddress old_checksum_peer = *wire_.old_checksum_peer;
  Verdict verdict = check_advert(datagram, settings_, followed, wire_);
  if (*wire_.old_checksum_peer != old_checksum_peer) dirty_ = true;
  if (verdict.complaint) {
    count_complaint(*verdict.complaint, statistics_);
    const bool first = complaints_.own().insert(*verdict.complaint).second;
    if (first && !verdict.text.empty()) log(out, LogLevel::Info, verdict.text);
  }
  if (!verdict.advert) return;
  if (verdict.advert->priority == 0) ++statistics_.priority_zero_received;
  const HeardAdvert heard{datagram.source, verdict.advert->priority, verdict.advert->interval};
  if (!verdict.complaint && heard.priority != 0) heard_.keep(settings_, datagram, followed, heard);
  const bool was_active = machine_.state() == State::Active;
  take_advert(heard, now, out);
  if (was_active) know_conflict(datagram, *verdict.advert, now, out);
  if (verdict.complaint)
    complaints_.own().insert(*verdict.complaint);  // said already, whatever take_advert() has cleared
}

void VirtualRouter::take_advert(const HeardAdvert& advert, TimePoint now, Effects& out) {
  Actions actions;
  const int followed_priority = machine_.active_priority();
  const Duration learned = machine_.learned_interval();
  const Peer best_peer = machine_.best_peer();
  const auto preempt_at = machine_.preempt_at();
  machine_.on_advert(advert, now, actions);
  if (machine_.preempt_at() != preempt_at || machine_.active_priority() != followed_priority ||
      machine_.learned_interval() != learned || machine_.best_peer() != best_peer) {
    dirty_ = true;
  }
  carry_out(actions, now, out);
}

void VirtualRouter::on_timer(TimePoint now, Effects& out) {
  wake(now, out);
  end_conflict(now, out);
  const auto due = machine_.next_deadline();
  if (!due || *due > now) return;
  const TimePoint anchor = machine_.rhythm().anchor();
  Actions actions;
  machine_.on_deadline(now, actions);
  if (machine_.rhythm().anchor() != anchor) dirty_ = true;
  carry_out(actions, now, out);
}

void VirtualRouter::address_vanished(const AddressKey& key, const LinkTable& links, TimePoint now, Effects& out) {
  wake(now, out);
  if (keeper_.vanished(key, now) != AddressKeeper::Loss::Restoring) return;
  const LinkChanged* link = links.by_index(key.interface_index);
  out.push_back(Log{LogLevel::Info, fmt::format("Netlink reflector reports IP {} removed from {}",
                                                key.prefix.address.text(), link == nullptr ? "?" : link->name)});
}

void VirtualRouter::address_appeared(const AddressKey& key) {
  if (!refusals_.usual()) refusals_.own().erase(key);
  if (!keeper_.appeared(key)) return;
  for (const KernelAddress& address : keeper_.wanted()) {
    if (key_of(address) == key) to_announce_.push_back(address);
  }
}

void VirtualRouter::address_refused(const AddressRefused& event, const LinkTable& links, TimePoint now, Effects& out) {
  wake(now, out);
  const AddressKey key{event.interface_index, event.prefix};
  const LinkChanged* link = links.by_index(event.interface_index);
  const std::string interface = link == nullptr ? fmt::format("interface {}", event.interface_index) : link->name;
  if (!event.adding) {
    log(out, LogLevel::Warning,
        fmt::format("cannot remove IP {} from {}: {}", event.prefix.text(), interface, std::strerror(event.error)));
    return;
  }
  if (!keeper_.refused(key, now)) return;
  const auto [known, first] = refusals_.own().try_emplace(key, event.error);
  if (!first && known->second == event.error) return;
  known->second = event.error;
  log(out, LogLevel::Error,
      fmt::format("cannot add IP {} to {}: {} - trying again every second", event.prefix.text(), interface,
                  std::strerror(event.error)));
}

// ---- what the state machine wants -----------------------------------------------------------------------------------

void VirtualRouter::carry_out(const Actions& actions, TimePoint now, Effects& out) {
  if (!actions.empty() && machine_.state() == State::Active) vmacs_.raise(now, out);
  for (const Action& action : actions) {
    if (!std::holds_alternative<Log>(action)) dirty_ = dirty_ || !std::holds_alternative<Advertise>(action);
    if (const auto* line = std::get_if<Log>(&action)) log(out, line->level, line->text);
    if (const auto* advert = std::get_if<Advertise>(&action)) advertise(advert->priority, now, out);
    if (std::holds_alternative<LeftActive>(action)) left_active(out);
    if (const auto* entry = std::get_if<Entered>(&action)) entered(*entry, now, out);
    if (std::holds_alternative<AnnounceAgain>(action)) announce_again(now, out);
    if (std::holds_alternative<FollowsAnother>(action)) complaints_.clear();
  }
}

void VirtualRouter::advertise(int priority, TimePoint now, Effects& out) {
  const bool nowhere = standing_.interface_index == 0 && !(settings_.vmac && settings_.vmac->ipvlan);
  if (nowhere || standing_.source.is_any()) return;
  const std::optional<std::uint32_t> interface_index = advert_interface();
  if (!interface_index) {
    owed_advert_ = priority;
    return;
  }
  wire_.utc = utc_at(utc_, now);
  for (const SendAdvert& send : sent_.make(settings_, priority, *interface_index, standing_.source, wire_)) {
    out.push_back(send);
  }
  ++statistics_.adverts_sent;
  if (priority == 0) ++statistics_.priority_zero_sent;
}

void VirtualRouter::left_active(Effects& out) {
  ++statistics_.released_active;
  std::vector<KernelAddress> all = keeper_.wanted();
  for (KernelAddress& address : doomed_.take()) all.push_back(std::move(address));
  to_announce_.clear();
  announcement_ = Announcement::None;
  keeper_.let_go();
  announcer_.stop();
  refusals_.clear();
  if (const auto lost = conflict_.given_up()) log(out, LogLevel::Info, text_of(*lost) + ", we are not any more");
  routing_.let_go(out);
  remove_addresses(std::move(all), out);
  notifier_.flush(notify_subject(), out);
}

void VirtualRouter::remove_addresses(std::vector<KernelAddress> addresses, Effects& out) const {
  if (addresses.empty()) return;
  log(out, LogLevel::Info, "removing VIPs.");
  if (!settings_.excluded_addresses.empty()) log(out, LogLevel::Info, "removing E-VIPs.");
  out.push_back(RemoveAddresses{settings_.name, std::move(addresses)});
}

void VirtualRouter::entered(const Entered& entry, TimePoint now, Effects& out) {
  complaints_.clear();
  if (entry.state != State::Active) {
    sent_.forget();
    if (entry.state != State::Initialize) notifier_.entered(entry.state, notify_subject(), out);
    return;
  }
  heard_.forget();
  keeper_.hold(now);
  routing_.hold(now);
  announced_again_ = false;
  announcement_ = entry.how == Entry::Resumed ? Announcement::Resume : Announcement::Start;
  if (entry.how == Entry::Resumed) return;
  ++statistics_.became_active;
  if (!settings_.virtual_addresses.empty()) log(out, LogLevel::Info, "setting VIPs.");
  if (!settings_.excluded_addresses.empty()) log(out, LogLevel::Info, "setting E-VIPs.");
  if (!settings_.virtual_routes.empty()) log(out, LogLevel::Info, "setting Virtual Routes");
  if (!settings_.virtual_rules.empty()) log(out, LogLevel::Info, "setting Virtual Rules");
  notifier_.entered_active();
}

/// At most once per advert interval: the other one must not be able to make us shout.
void VirtualRouter::announce_again(TimePoint now, Effects& out) {
  if (announced_again_ && now < last_announce_again_ + settings_.advert_interval) return;
  announced_again_ = true;
  last_announce_again_ = now;
  announcer_.announce_again(announced(), now);
  notify_lower_priority_heard(notify_subject(), out);
  conflict_told_ = true;
}

// ---- chores ---------------------------------------------------------------------------------------------------------

void VirtualRouter::chores(const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget, Effects& out) {
  keep_vmacs(now, budget, out);
  if (machine_.state() != State::Active) {
    if (routing_facts_ != nullptr) routing_.chores(*routing_facts_, now, budget, out);
    return;
  }
  AddressKeeper::Batch batch = keeper_.next_batch(now, budget);
  for (const KernelAddress& address : batch.restored) {
    const LinkChanged* link = links.by_index(address.interface_index);
    log(out, LogLevel::Info,
        fmt::format("restoring IP {} on {}", address.entry.prefix.address.text(), link == nullptr ? "?" : link->name));
    to_announce_.push_back(address);
  }
  if (!batch.addresses.empty()) out.push_back(AddAddresses{settings_.name, std::move(batch.addresses)});
  if (const auto due = keeper_.next_deadline(); due && *due <= now) return;
  if (routing_facts_ != nullptr && !routing_.chores(*routing_facts_, now, budget, out)) return;
  if (!doomed_.empty()) out.push_back(RemoveAddresses{settings_.name, doomed_.take()});
  if (!vmacs_.awaited_by_reload()) vmacs_.remove_unwanted(settings_.name, out);
  const Announcement announcement = std::exchange(announcement_, Announcement::None);
  if (announcement == Announcement::Start) announcer_.start(announced(), now);
  if (announcement == Announcement::Resume) announcer_.resume(announced(), now);
  if (announcement == Announcement::None && !to_announce_.empty())
    announcer_.announce_some(to_announce_, *settings_.garp, now);
  to_announce_.clear();
  announcer_.run(announced(), links, pace, now, budget, out);
  notifier_.flush(notify_subject(), out);
}

std::optional<TimePoint> VirtualRouter::next_deadline() const {
  std::optional<TimePoint> due = machine_.next_deadline();
  const auto sooner = [&due](const std::optional<TimePoint>& at) {
    if (at && (!due || *at < *due)) due = at;
  };
  sooner(vmacs_.next_deadline());
  if (machine_.state() != State::Active) return due;
  sooner(keeper_.next_deadline());
  sooner(announcer_.next_deadline());
  sooner(conflict_.next_deadline());
  if (routing_facts_ != nullptr) sooner(routing_.next_deadline(*routing_facts_));
  return due;
}

// ---- records --------------------------------------------------------------------------------------------------------

InstanceRecord VirtualRouter::record() const {
  InstanceRecord r;
  r.instance = settings_.name;
  r.state = machine_.state();
  r.effective_priority = machine_.priority();
  r.base_priority = settings_.priority;
  r.since = machine_.since();
  r.advert_interval = settings_.advert_interval;
  r.peers_down_interval = machine_.peers_down_interval();
  r.takeover_interval = machine_.takeover_interval();
  r.slowest_takeover_interval = machine_.slowest_takeover_interval();
  r.endpoint = endpoint();
  r.virtual_router_id = settings_.virtual_router_id;
  r.best_peer = machine_.best_peer();
  r.learned_interval = machine_.learned_interval();
  r.old_checksum_peer = wire_.old_checksum_peer;
  r.ah_sequence = wire_.ah->sent;
  r.conflicts = statistics_.conflicts;
  r.priority_reasons = standing_.assessment.priority_reasons;
  for (const FaultReason& reason : standing_.assessment.faults) r.fault_reasons.push_back(reason.text());
  if (kind_seen_) r.interface_kind = settings_.interface + " " + *interface_kind_;
  r.vmacs = vmacs_.records();
  if (r.state == State::Active) {
    r.advert_anchor = machine_.rhythm().anchor();
    r.addresses = keeper_.wanted();
    r.routing = routing_.wanted();
  } else if (r.state == State::Backup) {
    r.active_address = machine_.active_address();
    r.active_priority = machine_.active_priority();
    r.preempt_at = machine_.preempt_at();
  }
  return r;
}

void VirtualRouter::remember(Effects& out) {
  if (!dirty_) return;
  dirty_ = false;
  out.push_back(RememberInstance{record()});
}

}  // namespace holdfast::vrrp
