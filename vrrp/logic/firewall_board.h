// Decides what the firewall holds, for all virtual routers together: the addresses of those that do not accept while they hold
// them and until the kernel has let go of them, and the macvlans that are there. An element stands before its address is set
// and goes after it went (behaviour.md d.8). Level-triggered: each step compares what should be in the table with what was
// ordered, so that a successor, a reload and an election are one and the same.
//
// The table is made when its first element is needed, and whole: in one transaction that takes the place of whatever stood
// there under its name, a predecessor's included. Afterwards elements come and go. It is made whole again when an element
// needs a part that is not there, when its looks changed, and when the kernel refused a change (somebody flushed it).
//
// Called by the engine. Absent: rules and messages (vrrp/io/firewall_rules.h).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/config/schema/global_defs.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/router_id.h"

namespace holdfast::vrrp {

class FirewallBoard {
 public:
  static constexpr Duration kRetry = seconds(30);
  static constexpr Duration kCheck = seconds(10);  ///< how often it is asked whether the table is still there
  static constexpr Duration kLeastBetweenRepairs = seconds(1);  ///< against one who flushes it again and again

  /// Part of one virtual router in the table.
  struct Share {
    std::map<DroppedAddress, AddressKey> dropped;
    std::map<DroppedAddress, AddressKey> lingering;  ///< left by a predecessor; counts in the first share only
    std::set<VmacPath> vmacs;
  };

  /// `needed`: some virtual router may have something for it; without one an empty table goes.
  void configure(const config::FirewallSettings& settings, bool needed);
  /// Its share is `revision`; `make` is asked for it when it was another the last time.
  void set_share(RouterId id, std::uint64_t revision, const std::function<Share()>& make);
  /// set_share() would change nothing.
  bool knows(RouterId id, std::uint64_t revision) const;
  void forget(RouterId id);
  /// The kernel let go of this address.
  void gone(const AddressKey& key);
  /// Much may have gone: links, or what messages that were lost would have told.
  void doubt_all();
  /// What has no router any more goes as soon as `in_use` says no (asked once, and after each gone()); then what differs is
  /// ordered.
  void step(const std::function<bool(const AddressKey&)>& in_use, TimePoint now, Effects& out);
  /// After the first step of a process: tables that predecessors left go.
  void sweep(Effects& out) const { out.push_back(SweepFirewall{style_.table}); }
  void refused(const FirewallRefused& event, TimePoint now, Effects& out);
  /// Somebody removed the table (`nft flush ruleset`).
  void vanished(TimePoint now);
  /// With keep_addresses (-V) it stays with them.
  void stop(bool keep_addresses, Effects& out);
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Seen {
    RouterId id = 0;
    std::uint64_t revision = 0;
  };
  void add(const Share& share);
  void remove(const Share& share);
  void fade(const DroppedAddress& dropped, const AddressKey& key);
  void drop_faded(const std::function<bool(const AddressKey&)>& in_use);
  void make(TimePoint now, Effects& out);
  void change(FirewallContent add, FirewallContent remove, Effects& out);
  bool wants(const DroppedAddress& dropped) const { return users_.contains(dropped) || fading_.contains(dropped); }
  FirewallContent content() const;
  void complain(const FirewallRefused& event, Effects& out);

  FirewallStyle style_;
  std::vector<Seen> seen_;            ///< by id
  std::map<RouterId, Share> shares_;  ///< that hold something: few
  std::map<DroppedAddress, int> users_;
  std::map<VmacPath, int> paths_;
  std::map<DroppedAddress, AddressKey> fading_;  ///< of no router any more; the address may still be there
  std::map<AddressKey, DroppedAddress> fading_at_;
  std::set<DroppedAddress> doubtful_;  ///< of those, to be asked about
  std::set<DroppedAddress> touched_;   ///< since the last step
  std::set<VmacPath> touched_paths_;
  // what was ordered
  FirewallContent ordered_;
  std::optional<FirewallParts> standing_;  ///< nothing = there is no table of ours
  std::optional<TimePoint> make_at_;       ///< whole, not before
  TimePoint made_at_{};
  TimePoint check_at_{};
  bool needed_ = false;
  bool without_vmacs_ = false;  ///< this kernel cannot
  std::string complaint_;       ///< said already
};

}  // namespace holdfast::vrrp
