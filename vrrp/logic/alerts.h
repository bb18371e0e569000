// Which change of an instance or a sync group is mailed, and in which words (behaviour.md d.12, f.6): no state twice in a row,
// faults not with no_email_faults, nothing without smtp_alert. The notifier has one for its instance, the sync groups one for
// each group. Absent: recipients, the name of this machine in the subject, sending; all that is core's.
#pragma once

#include <optional>

#include "core/config/schema/sync_group.h"
#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

class Alerts {
 public:
  /// A predecessor was in this state, and has mailed it if it was to.
  void resume_from(State state, const config::VrrpInstance& settings);
  void resume_from(State state, const config::SyncGroup& group);
  /// Of an instance; Initialize = it stops.
  void entered(State state, const config::VrrpInstance& settings, Effects& out);
  /// Of a group; Initialize = it stops.
  void entered(State state, const config::SyncGroup& group, Effects& out);

 private:
  bool due(State state, bool wanted, bool no_faults);

  std::optional<State> mailed_;
};

/// A reload took the instance out, and it has notify_deleted.
void alert_deleted(const config::VrrpInstance& settings, Effects& out);

}  // namespace holdfast::vrrp
