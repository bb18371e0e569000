#include "vrrp/logic/virtual_router.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "vrrp/logic/advert_builder.h"

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
  standing_ = stand(around);
  keeper_.want(resolve_addresses(settings_, around.links), TimePoint{});
  announcer_.configure(settings_.garp);
}

Standing VirtualRouter::stand(const Surroundings& around) const {
  Standing standing = standing_of(settings_, around);
  if (!faulty_group_.empty()) {
    standing.assessment.faults.push_back({FaultReason::Kind::SyncGroup, faulty_group_});
  }
  return standing;
}

void VirtualRouter::replace_addresses(const LinkTable& links, TimePoint now, Effects& out) {
  std::vector<KernelAddress> wanted = resolve_addresses(settings_, links);
  if (wanted == keeper_.wanted()) return;
  dirty_ = true;
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
    (in_the_way ? first : doomed_).push_back(std::move(old));
  }
  if (!first.empty()) out.push_back(RemoveAddresses{settings_.name, std::move(first)});
  if (!keeper_.holding()) return;
  to_announce_.insert(to_announce_.end(), fresh.begin(), fresh.end());
  announcer_.set_addresses(keeper_.wanted());
}

void VirtualRouter::spare(const std::function<bool(const AddressKey&)>& held_elsewhere) {
  std::erase_if(doomed_, [&](const KernelAddress& address) { return held_elsewhere(key_of(address)); });
}

void VirtualRouter::reassess(const Surroundings& around, TimePoint now, Effects& out) {
  wake(now, out);
  take_in(around, StateMachine::Tell::AtOnce, now, out);
}

void VirtualRouter::take_in(const Surroundings& around, StateMachine::Tell tell, TimePoint now, Effects& out) {
  const std::vector<FaultReason> before = standing_.assessment.faults;
  const std::vector<std::string> reasons_before = standing_.assessment.priority_reasons;
  standing_ = stand(around);
  replace_addresses(around.links, now, out);
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

// ---- life -----------------------------------------------------------------------------------------------------------

void VirtualRouter::begin(const Surroundings& around, const InstanceRecord* past, TimePoint died_at, TimePoint now,
                          Effects& out) {
  adopt(around);
  log_ignored_trackers(out);
  Actions actions;
  machine_.configure(election_of(settings_, standing_, around), now, actions);
  if (past != nullptr) {
    remembered_ = *past;
    wire_ = resumed(*past, now);
    notifier_.resume_from(past->state);
    if (standing_.assessment.faults.empty()) machine_.resume(*past, died_at, now, actions);
  }
  const bool active = machine_.state() == State::Active;
  if (!active) remove_residuals(around, past, out);
  carry_out(actions, now, out);
  if (active) remove_residuals(around, past, out);
  log_faults({}, out);
  actions.clear();
  machine_.set_readiness(readiness_of(standing_.assessment), now, actions);
  carry_out(actions, now, out);
}

/// VIPs that a predecessor left: all of them unless we hold them, and those of its list that are not on ours.
void VirtualRouter::remove_residuals(const Surroundings& around, const InstanceRecord* past, Effects& out) {
  std::vector<KernelAddress> residual;
  if (past != nullptr && past->state == State::Active) {
    for (const KernelAddress& address : past->addresses) {
      if (!keeper_.wants(key_of(address)) && around.links.by_index(address.interface_index) != nullptr) {
        (keeper_.holding() ? doomed_ : residual).push_back(address);
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
  if (next != settings_) {
    const bool renamed = next.name != settings_.name;
    const bool other_trackers = next.track_interfaces != settings_.track_interfaces;
    settings_ = next;
    if (renamed) remembered_.reset();
    if (other_trackers) log_ignored_trackers(out);
    announcer_.configure(settings_.garp);
    complaints_.clear();
    dirty_ = true;
  }
  take_in(around, StateMachine::Tell::WithNextAdvert, now, out);
}

void VirtualRouter::remove(TimePoint now, Effects& out) {
  Actions actions;
  machine_.stop(false, now, actions);
  carry_out(actions, now, out);
  notifier_.removed(notify_subject(), out);
}

void VirtualRouter::stop(bool keep_addresses, TimePoint now, Effects& out) {
  Actions actions;
  machine_.stop(keep_addresses, now, actions);
  carry_out(actions, now, out);
  keeper_.let_go();
  announcer_.stop();
  doomed_.clear();
  notify_stopped(notify_subject(), out);
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
  wire_.utc = utc_at(utc_, now);
  const IpAddress old_checksum_peer = wire_.old_checksum_peer;
  Verdict verdict = check_advert(datagram, settings_, machine_.active_address(), wire_);
  if (wire_.old_checksum_peer != old_checksum_peer) dirty_ = true;
  if (verdict.complaint) {
    count_complaint(*verdict.complaint, statistics_);
    const bool first = complaints_.insert(*verdict.complaint).second;
    if (first && !verdict.text.empty()) log(out, LogLevel::Info, verdict.text);
  }
  if (!verdict.advert) return;
  if (verdict.advert->priority == 0) ++statistics_.priority_zero_received;
  Actions actions;
  const int followed_priority = machine_.active_priority();
  const Duration learned = machine_.learned_interval();
  const Peer best_peer = machine_.best_peer();
  machine_.on_advert({datagram.source, verdict.advert->priority, verdict.advert->interval}, now, actions);
  if (machine_.active_priority() != followed_priority || machine_.learned_interval() != learned ||
      machine_.best_peer() != best_peer) {
    dirty_ = true;
  }
  carry_out(actions, now, out);
  if (verdict.complaint) complaints_.insert(*verdict.complaint);  // said already, whatever carry_out() has cleared
}

void VirtualRouter::on_timer(TimePoint now, Effects& out) {
  wake(now, out);
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
  refusals_.erase(key);
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
  const auto [known, first] = refusals_.try_emplace(key, event.error);
  if (!first && known->second == event.error) return;
  known->second = event.error;
  log(out, LogLevel::Error,
      fmt::format("cannot add IP {} to {}: {} - trying again every second", event.prefix.text(), interface,
                  std::strerror(event.error)));
}

// ---- what the state machine wants -----------------------------------------------------------------------------------

void VirtualRouter::carry_out(const Actions& actions, TimePoint now, Effects& out) {
  for (const Action& action : actions) {
    if (!std::holds_alternative<Log>(action)) dirty_ = dirty_ || !std::holds_alternative<Advertise>(action);
    if (const auto* line = std::get_if<Log>(&action)) out.push_back(*line);
    if (const auto* advert = std::get_if<Advertise>(&action)) advertise(advert->priority, now, out);
    if (std::holds_alternative<LeftActive>(action)) left_active(out);
    if (const auto* entry = std::get_if<Entered>(&action)) entered(*entry, now, out);
    if (std::holds_alternative<AnnounceAgain>(action)) announce_again(now, out);
    if (std::holds_alternative<FollowsAnother>(action)) complaints_.clear();
  }
}

void VirtualRouter::advertise(int priority, TimePoint now, Effects& out) {
  if (standing_.interface_index == 0 || standing_.source.is_any()) return;
  wire_.utc = utc_at(utc_, now);
  const std::uint32_t interface_index = standing_.any_interface ? 0 : standing_.interface_index;
  for (SendAdvert& send : send_adverts(settings_, priority, interface_index, standing_.source, wire_)) {
    out.push_back(std::move(send));
  }
  ++statistics_.adverts_sent;
  if (priority == 0) ++statistics_.priority_zero_sent;
}

void VirtualRouter::left_active(Effects& out) {
  ++statistics_.released_active;
  std::vector<KernelAddress> all = keeper_.wanted();
  all.insert(all.end(), doomed_.begin(), doomed_.end());
  doomed_.clear();
  to_announce_.clear();
  announcement_ = Announcement::None;
  keeper_.let_go();
  announcer_.stop();
  refusals_.clear();
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
    if (entry.state != State::Initialize) notifier_.entered(entry.state, notify_subject(), out);
    return;
  }
  keeper_.hold(now);
  announced_again_ = false;
  announcement_ = entry.how == Entry::Resumed ? Announcement::Resume : Announcement::Start;
  if (entry.how == Entry::Resumed) return;
  ++statistics_.became_active;
  if (!settings_.virtual_addresses.empty()) log(out, LogLevel::Info, "setting VIPs.");
  if (!settings_.excluded_addresses.empty()) log(out, LogLevel::Info, "setting E-VIPs.");
  notifier_.entered_active();
}

/// At most once per advert interval: the other one must not be able to make us shout.
void VirtualRouter::announce_again(TimePoint now, Effects& out) {
  if (announced_again_ && now < last_announce_again_ + settings_.advert_interval) return;
  announced_again_ = true;
  last_announce_again_ = now;
  announcer_.announce_again(keeper_.wanted(), now);
  notify_lower_priority_heard(notify_subject(), out);
}

// ---- chores ---------------------------------------------------------------------------------------------------------

void VirtualRouter::chores(const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget, Effects& out) {
  if (machine_.state() != State::Active) return;
  AddressKeeper::Batch batch = keeper_.next_batch(now, budget);
  for (const KernelAddress& address : batch.restored) {
    const LinkChanged* link = links.by_index(address.interface_index);
    log(out, LogLevel::Info,
        fmt::format("restoring IP {} on {}", address.entry.prefix.address.text(), link == nullptr ? "?" : link->name));
    to_announce_.push_back(address);
  }
  if (!batch.addresses.empty()) out.push_back(AddAddresses{settings_.name, std::move(batch.addresses)});
  if (const auto due = keeper_.next_deadline(); due && *due <= now) return;
  if (!doomed_.empty()) out.push_back(RemoveAddresses{settings_.name, std::exchange(doomed_, {})});
  const Announcement announcement = std::exchange(announcement_, Announcement::None);
  if (announcement == Announcement::Start) announcer_.start(keeper_.wanted(), now);
  if (announcement == Announcement::Resume) announcer_.resume(keeper_.wanted(), now);
  if (announcement == Announcement::None && !to_announce_.empty()) announcer_.announce_some(to_announce_, now);
  to_announce_.clear();
  announcer_.run(settings_.name, links, pace, now, budget, out);
  notifier_.flush(notify_subject(), out);
}

std::optional<TimePoint> VirtualRouter::next_deadline() const {
  std::optional<TimePoint> due = machine_.next_deadline();
  if (machine_.state() != State::Active) return due;
  for (const auto& other : {keeper_.next_deadline(), announcer_.next_deadline()}) {
    if (other && (!due || *other < *due)) due = other;
  }
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
  r.best_peer = machine_.best_peer();
  r.learned_interval = machine_.learned_interval();
  r.old_checksum_peer = wire_.old_checksum_peer;
  r.ah_sequence = wire_.ah.sent;
  r.priority_reasons = standing_.assessment.priority_reasons;
  for (const FaultReason& reason : standing_.assessment.faults) r.fault_reasons.push_back(reason.text());
  if (r.state == State::Active) {
    r.advert_anchor = machine_.rhythm().anchor();
    r.addresses = keeper_.wanted();
  } else if (r.state == State::Backup) {
    r.active_address = machine_.active_address();
    r.active_priority = machine_.active_priority();
  }
  return r;
}

void VirtualRouter::remember(Effects& out) {
  if (!dirty_) return;
  dirty_ = false;
  InstanceRecord now = record();
  if (remembered_ == now) return;
  remembered_ = now;
  out.push_back(RememberInstance{std::move(now)});
}

}  // namespace holdfast::vrrp
