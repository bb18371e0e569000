// One virtual router: a vrrp_instance of the configuration with its state machine, its VIPs, its announcements and its
// counters. It turns facts (links, addresses, scripts) into readiness and priority for the state machine, and the
// machine's actions into effects. The engine owns it, tells it what happened and asks for its next deadline.
//
// Two kinds of work: hear(), on_timer() and the like decide at once and send adverts; chores() does the bulk (kernel
// addresses, ARP) within a budget and only after the adverts that are due. Order on becoming Active: log, advert,
// addresses, gratuitous ARP, notify scripts (behaviour.md d.8).
//
// Absent: who its sync group is (sync_groups.h), VMACs, routes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/address_keeper.h"
#include "vrrp/logic/announcer.h"
#include "vrrp/logic/notifier.h"
#include "vrrp/logic/receive_checks.h"
#include "vrrp/logic/standing.h"
#include "vrrp/logic/state_machine.h"
#include "vrrp/logic/statistics.h"

namespace holdfast::vrrp {

class VirtualRouter {
 public:
  VirtualRouter(config::VrrpInstance settings, const Surroundings& around);

  const config::VrrpInstance& settings() const { return settings_; }
  const std::string& name() const { return settings_.name; }
  std::uint32_t interface_index() const { return standing_.interface_index; }
  /// Where its adverts come in; nothing while there is no such place.
  std::optional<Listen> endpoint() const { return endpoint_of(settings_, standing_); }
  /// 0.0.0.0 = none now.
  const IpAddress& source() const { return standing_.source; }
  const std::vector<KernelAddress>& wanted_addresses() const { return keeper_.wanted(); }
  State state() const { return machine_.state(); }
  const Statistics& statistics() const { return statistics_; }
  void clear_statistics() { statistics_ = {}; }
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
  void chores(const LinkTable& links, ArpPace& pace, TimePoint now, Budget& budget, Effects& out);

  // ---- for its sync group (sync_groups.h) ----
  /// In fault for a reason of its own.
  bool faulty_by_itself() const;
  bool willing() const { return machine_.willing(); }
  /// The MASTER of its present life has been told to notify scripts.
  bool has_told_active() const { return !notifier_.owes_active(); }
  /// Another member of this group is in fault; an empty name ends that.
  void set_group_fault(const std::string& group, const Surroundings& around, TimePoint now, Effects& out);
  bool promote(TimePoint now, Effects& out);
  void demote(TimePoint now, Effects& out);

  std::optional<TimePoint> next_deadline() const;
  /// RememberInstance if the record is another than the last one remembered.
  void remember(Effects& out);
  bool holds(const AddressKey& key) const { return keeper_.holding() && keeper_.wants(key); }

 private:
  void adopt(const Surroundings& around);
  Standing stand(const Surroundings& around) const;
  void take_in(const Surroundings& around, StateMachine::Tell tell, TimePoint now, Effects& out);
  void wake(TimePoint now, Effects& out);
  void replace_addresses(const LinkTable& links, TimePoint now, Effects& out);
  void remove_residuals(const Surroundings& around, const InstanceRecord* past, Effects& out);
  void log_faults(const std::vector<FaultReason>& before, Effects& out) const;
  void log_ignored_trackers(Effects& out) const;

  void carry_out(const Actions& actions, TimePoint now, Effects& out);
  void advertise(int priority, TimePoint now, Effects& out);
  void left_active(Effects& out);
  void entered(const Entered& entry, TimePoint now, Effects& out);
  void announce_again(TimePoint now, Effects& out);
  void remove_addresses(std::vector<KernelAddress> addresses, Effects& out) const;
  NotifySubject notify_subject() const { return {settings_, machine_.priority()}; }
  void log(Effects& out, LogLevel level, const std::string& text) const;

  config::VrrpInstance settings_;
  StateMachine machine_;
  AddressKeeper keeper_;
  Announcer announcer_;
  Statistics statistics_;
  Notifier notifier_;
  Standing standing_;         ///< as last assessed
  std::string faulty_group_;  ///< its sync group, while another member of it is in fault
  WireMemory wire_;
  const UtcOffset* utc_ = nullptr;
  // chores
  enum class Announcement : std::uint8_t { None, Start, Resume };
  Announcement announcement_ = Announcement::None;
  std::vector<KernelAddress> to_announce_;
  std::vector<KernelAddress> doomed_;  ///< dropped by a reload; removed after what replaces them was added
  TimePoint last_announce_again_{};
  bool announced_again_ = false;
  // what was said
  std::set<Complaint> complaints_;
  std::map<AddressKey, int> refusals_;  ///< errno already logged
  std::optional<InstanceRecord> remembered_;
  bool dirty_ = true;
};

}  // namespace holdfast::vrrp
