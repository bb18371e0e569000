// track_group: which instances are in fault because a static entry that names their group is broken (keepalived.conf(5)).
// Broken is an entry whose interface is missing or down, or that the kernel refuses to have (again); one that others removed
// and that is put back at once is not. Level-triggered: the engine asks again after everything that may have changed it, and
// reassesses the instances that learn() names; their standing reads the faults here.
//
// Absent: keeping the entries (statics.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/config/schema/track_group.h"
#include "vrrp/logic/link_table.h"
#include "vrrp/logic/tracking.h"

namespace holdfast::vrrp {

/// A static entry that is broken, and the group that it names.
struct BrokenStatic {
  std::string group;
  FaultReason reason;
};

class StaticTracking {
 public:
  /// Forgets nothing of what is broken; learn() is due.
  void configure(const std::vector<config::TrackGroup>& groups) { groups_ = groups; }
  bool idle() const { return groups_.empty() && faults_.empty(); }
  /// The names of the instances whose faults are other ones than before.
  std::set<std::string> learn(const std::vector<BrokenStatic>& broken);
  void add_faults(const std::string& instance, std::vector<FaultReason>& faults) const;

 private:
  std::vector<config::TrackGroup> groups_;
  std::map<std::string, std::vector<FaultReason>> faults_;  ///< by instance
};

}  // namespace holdfast::vrrp
