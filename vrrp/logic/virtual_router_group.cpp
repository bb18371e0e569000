// A virtual router as a member of its sync group: what sync_groups.h asks it and tells it.
#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

bool VirtualRouter::faulty_by_itself() const {
  return standing_.assessment.faults.size() > (faulty_group_.empty() ? 0U : 1U);
}

void VirtualRouter::set_group_fault(const std::string& group, const Surroundings& around, TimePoint now, Effects& out) {
  if (group == faulty_group_) return;
  faulty_group_ = group;
  reassess(around, now, out);
}

bool VirtualRouter::promote(TimePoint now, Effects& out) {
  Actions actions;
  const bool promoted = machine_.promote(now, actions);
  carry_out(actions, now, out);
  return promoted;
}

void VirtualRouter::demote(TimePoint now, Effects& out) {
  Actions actions;
  machine_.demote(now, actions);
  carry_out(actions, now, out);
}

}  // namespace holdfast::vrrp
