// vrrp_sync_group: members are Active together or not at all (behaviour.md d.11, d.8). A level-triggered rule: whenever
// something happened to a member, step() compares the members' states and brings the others after it.
//
//  * One member in fault by itself puts all into FAULT; when the last is well again all become Backup.
//  * A member whose timer ran out is willing and waits; when all are, all become Active at once.
//  * A member that stops being Active takes the others with it; they send priority 0, so that the peer need not wait.
//  * Ours: a member that a reload adds to an Active group becomes Active with it instead of ending it.
//
// The engine owns it and calls step() before chores and tell() after them. Absent: tracking (with_group_trackers() gives the
// members what the group tracks), the election of each member.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/config/config.h"
#include "vrrp/logic/alerts.h"
#include "vrrp/logic/effects.h"
#include "vrrp/logic/roster.h"
#include "vrrp/logic/view.h"

namespace holdfast::vrrp {

/// The instances as they count: with the trackers of their group, and without weights of their own unless the group lets them
/// weigh (behaviour.md d.3).
std::vector<config::VrrpInstance> with_group_trackers(const config::Config& config);

/// Names of the instances that wait for their group before they become Active: all members of a group, unless every one of
/// them is an address owner.
std::set<std::string> waiting_for_group(const config::Config& config);

class SyncGroups {
 public:
  /// Groups are matched by name; what they were stays.
  void configure(const std::vector<config::SyncGroup>& next, const Roster& routers);
  /// What a predecessor has told of a group whose members all were in one state is not told again.
  void resume_from(const std::vector<InstanceRecord>& records);
  /// Brings the groups of `ids` in step. Returns `ids` and whoever else was touched, each once.
  std::vector<RouterId> step(const std::vector<RouterId>& ids, Roster& routers, const Surroundings& around,
                             TimePoint now, Effects& out);
  /// Notifies of the groups of `ids` whose state is new and complete: of MASTER once every member has told its own.
  void tell(const std::vector<RouterId>& ids, const Roster& routers, Effects& out);
  /// The daemon stops: STOP of each group.
  void stop(Effects& out);

  std::vector<GroupView> views(const Roster& routers) const;

 private:
  struct Group {
    config::SyncGroup settings;
    std::vector<RouterId> members;
    std::set<RouterId> active;  ///< members that were Active at the last step
    bool together = false;      ///< all who could were Active at the last step
    bool faulty = false;
    State told = State::Initialize;
    Alerts alerts;
  };
  std::vector<Group*> groups_of(const std::vector<RouterId>& ids);
  void step(Group& group, Roster& routers, const Surroundings& around, TimePoint now, Effects& out);
  void sync_faults(Group& group, Roster& routers, const Surroundings& around, TimePoint now, Effects& out);
  void sync_states(Group& group, Roster& routers, TimePoint now, Effects& out);
  static void share_conflicts(Group& group, Roster& routers, TimePoint now, Effects& out);
  static void tell(Group& group, const Roster& routers, Effects& out);

  std::vector<Group> groups_;
  std::unordered_map<RouterId, std::size_t> group_of_;  ///< index into groups_
};

}  // namespace holdfast::vrrp
