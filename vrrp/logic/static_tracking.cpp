#include "vrrp/logic/static_tracking.h"

#include <algorithm>
#include <utility>

namespace holdfast::vrrp {

std::set<std::string> StaticTracking::learn(const std::vector<BrokenStatic>& broken) {
  std::map<std::string, std::vector<FaultReason>> next;
  for (const config::TrackGroup& group : groups_) {
    for (const BrokenStatic& entry : broken) {
      if (entry.group != group.name) continue;
      for (const std::string& member : group.members) {
        std::vector<FaultReason>& reasons = next[member];
        if (std::ranges::find(reasons, entry.reason) == reasons.end()) reasons.push_back(entry.reason);
      }
    }
  }
  std::set<std::string> changed;
  for (const auto& [instance, reasons] : next) {
    const auto before = faults_.find(instance);
    if (before == faults_.end() || before->second != reasons) changed.insert(instance);
  }
  for (const auto& [instance, reasons] : faults_) {
    if (!next.contains(instance)) changed.insert(instance);
  }
  faults_ = std::move(next);
  return changed;
}

void StaticTracking::add_faults(const std::string& instance, std::vector<FaultReason>& faults) const {
  const auto found = faults_.find(instance);
  if (found != faults_.end()) faults.insert(faults.end(), found->second.begin(), found->second.end());
}

}  // namespace holdfast::vrrp
