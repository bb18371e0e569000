// One virtual router: a vrrp_instance of the configuration with its state machine, its VIPs, its announcements and its
// counters. It turns facts (links, addresses, scripts) into readiness and priority for the state machine, and the
// machine's actions into effects. The engine owns it, tells it what happened and asks for its next deadline.
//
// Two kinds of work: hear(), on_timer() and the like decide at once and send adverts; chores() does the bulk (kernel
// addresses, ARP) within a budget and only after the adverts that are due. Order on becoming Active: log, advert,
// addresses, routes, rules, gratuitous ARP, notify scripts (behaviour.md d.8).
//
// Absent: who its sync group is (sync_groups.h), how macvlans are kept (vmac_keeper.h) and routes (routing_keeper.h).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/few.h"
#include "core/base/rare.h"
#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/announcer.h"
#include "vrrp/logic/conflict.h"
#include "vrrp/logic/firewall_board.h"
#include "vrrp/logic/notifier.h"
#include "vrrp/logic/receive_checks.h"
#include "vrrp/logic/repeated_adverts.h"
#include "vrrp/logic/routing_keeper.h"
#include "vrrp/logic/standing.h"
#include "vrrp/logic/state_machine.h"
#include "vrrp/logic/statistics.h"
#include "vrrp/logic/vmac_keeper.h"

namespace holdfast::vrrp {

class VirtualRouter {
 public:
  VirtualRouter(config::VrrpInstance settings, const Surroundings& around);

  const config::VrrpInstance& settings() const { return settings_; }
  const std::string& name() const { return settings_.name; }
  std::uint32_t interface_index() const { return standing_.interface_index; }
  /// Where its adverts come in; nothing while there is no such place.
  std::optional<Listen> endpoint() const { return endpoint_of(settings_, standing_); }
  /// And on its macvlan, which takes what peers send from the same MAC away from the interface below.
  std::optional<Listen> vmac_endpoint() const;
  /// Of the two places, one counts at a time: where all adverts come in.
  bool hears_on(std::uint32_t interface_index) const;
  /// At its deadline: a fault for want of a macvlan is over, reassess().
  bool forgives_vmac(TimePoint now) { return vmacs_.forgive(now); }
  void vmac_refused(const VmacRefused& event, const Surroundings& around, TimePoint now, Effects& out);
  /// 0.0.0.0 = none now.
  const IpAddress& source() const { return standing_.source; }
  const std::vector<KernelAddress>& wanted_addresses() const { return keeper_.wanted(); }
  State state() const { return machine_.state(); }
  const Statistics& statistics() const { return statistics_; }
  void clear_statistics() {
    statistics_ = {};
    dirty_ = true;
  }
  InstanceRecord record() const;

  /// First life: fresh, or going on from what a predecessor left (`past` may be null).
  void begin(const Surroundings& around, const InstanceRecord* past, TimePoint died_at, TimePoint now, Effects& out);
  /// fifo_write_vrrp_states_on_reload.
  void repeat_state(Effects& out) const { notifier_.repeat(notify_subject(), out); }
  /// A reload that matched this instance (behaviour.md c.2): state, timers and counters stay.
  void configure(const config::VrrpInstance& next, const Surroundings& around, TimePoint now, Effects& out);
  /// Of the addresses that the last configure() dropped, these are held by another router now and are not removed.
  void spare(const std::function<bool(const AddressKey&)>& held_elsewhere);
  /// The configuration has it no more: priority 0, VIPs removed, notify DELETED or FAULT.
  void remove(TimePoint now, Effects& out);
  void stop(bool keep_addresses, TimePoint now, Effects& out);

  /// Some fact about interfaces, addresses or scripts is new.
  void reassess(const Surroundings& around, TimePoint now, Effects& out);
  void hear(const Datagram& datagram, TimePoint now, Effects& out);
  void on_timer(TimePoint now, Effects& out);
  void address_vanished(const AddressKey& key, const LinkTable& links, TimePoint now, Effects& out);
  void address_appeared(const AddressKey& key);
  /// All facts were told anew: what should be there and is not is added again.
  void verify_addresses(const LinkTable& links, TimePoint now) { keeper_.verify(links, now); }
  void address_refused(const AddressRefused& event, const LinkTable& links, TimePoint now, Effects& out);
  /// The same of the own address of an ipvlan; nothing for other addresses. It is tried again every second.
  void own_address_refused(const AddressRefused& event, Effects& out);
  RoutingKeeper& routing() { return routing_; }
  const RoutingKeeper& routing() const { return routing_; }
  void chores(const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget, Effects& out);

  // ---- for the firewall (firewall_board.h) ----
  /// Another number whenever firewall_share() may be another.
  std::uint64_t firewall_revision() const { return 2 * firewall_revision_ + (keeper_.holding() ? 1U : 0U); }
  /// `by_index`: nftables_ifindex.
  FirewallBoard::Share firewall_share(const LinkTable& links, bool by_index) const;

  // ---- for its sync group (sync_groups.h) ----
  /// In fault for a reason of its own.
  bool faulty_by_itself() const;
  bool willing() const { return machine_.willing(); }
  /// The MASTER of its present life has been told to notify scripts.
  bool has_told_active() const { return !notifier_.owes_active(); }
  /// Another member of this group is in fault; an empty name ends that.
  void set_group_fault(const std::string& group, const Surroundings& around, TimePoint now, Effects& out);
  /// True once after it heard somebody of lower priority and told so.
  bool take_conflict_told() { return std::exchange(conflict_told_, false); }
  /// Another Active member of its group heard one: our neighbours may be misled too.
  void share_conflict(TimePoint now, Effects& out);
  bool promote(TimePoint now, Effects& out);
  void demote(TimePoint now, Effects& out);

  std::optional<TimePoint> next_deadline() const;
  /// RememberInstance if something in the record is new.
  void remember(Effects& out);
  bool holds(const AddressKey& key) const { return keeper_.holding() && keeper_.wants(key); }

 private:
  void adopt(const Surroundings& around);
  Standing stand(const Surroundings& around) const;
  void see_kind(const Surroundings& around);
  void take_in(const Surroundings& around, StateMachine::Tell tell, TimePoint now, Effects& out);
  void wake(TimePoint now, Effects& out);
  void replace_addresses(const LinkTable& links, TimePoint now, Effects& out);
  void replace_routing(const Surroundings& around, TimePoint now);
  void remove_residuals(const Surroundings& around, const InstanceRecord* past, Effects& out);
  /// Where adverts leave: 0 = wherever the routing table says; nothing while there is no such place.
  std::optional<std::uint32_t> advert_interface() const;
  void keep_vmacs(TimePoint now, Budget& budget, Effects& out);
  void log_faults(const std::vector<FaultReason>& before, Effects& out) const;
  void log_ignored_trackers(Effects& out) const;

  void take_advert(const HeardAdvert& advert, TimePoint now, Effects& out);

  void carry_out(const Actions& actions, TimePoint now, Effects& out);
  void advertise(int priority, TimePoint now, Effects& out);
  void left_active(Effects& out);
  void entered(const Entered& entry, TimePoint now, Effects& out);
  void announce_again(TimePoint now, Effects& out);
  void know_conflict(const Datagram& datagram, const Advertisement& advert, TimePoint now, Effects& out);
  void end_conflict(TimePoint now, Effects& out);
  void remove_addresses(std::vector<KernelAddress> addresses, Effects& out) const;
  /// Where keeper_.wanted() is announced.
  Announced announced() const { return {settings_.name, *settings_.garp, keeper_.wanted(), standing_.interface_index}; }
  NotifySubject notify_subject() const { return {settings_, machine_.priority()}; }
  void log(Effects& out, LogLevel level, const std::string& text) const;

  config::VrrpInstance settings_;
  StateMachine machine_;
  AddressKeeper keeper_;
  RoutingKeeper routing_;
  const RoutingFacts* routing_facts_ = nullptr;
  Announcer announcer_;
  Statistics statistics_;
  Notifier notifier_;
  Standing standing_;                 ///< as last assessed
  Rare<std::string> interface_kind_;  ///< as it was seen first since the last reload, where it may not change
  Rare<std::string> faulty_group_;    ///< its sync group, while another member of it is in fault
  WireMemory wire_;
  SentAdverts sent_;
  HeardAdvertMemo heard_;
  VmacKeeper vmacs_;
  const UtcOffset* utc_ = nullptr;
  std::uint64_t firewall_revision_ = 0;
  std::optional<int> owed_advert_;  ///< priority of one that could not leave for want of the macvlan
  bool kind_seen_ = false;
  // chores
  enum class Announcement : std::uint8_t { None, Start, Resume };
  Announcement announcement_ = Announcement::None;
  Few<KernelAddress> to_announce_;
  Few<KernelAddress> doomed_;  ///< dropped by a reload; removed after what replaces them was added
  TimePoint last_announce_again_{};
  Conflict conflict_;
  bool conflict_told_ = false;
  bool announced_again_ = false;
  // what was said
  Rare<std::set<Complaint>> complaints_;
  Rare<std::map<AddressKey, int>> refusals_;  ///< errno already logged
  bool dirty_ = true;
};

}  // namespace holdfast::vrrp
