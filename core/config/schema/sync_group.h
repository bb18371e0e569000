// vrrp_sync_group: instances that are Active together or not at all (behaviour.md d.11). After lint `members` are names of
// instances that exist, each in one group only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/schema/vrrp_instance.h"

namespace holdfast::config {

struct SyncGroup {
  std::string name;
  std::vector<std::string> members;
  Few<TrackedScript> track_scripts;                 ///< of every member
  Few<TrackedInterface> track_interfaces;           ///< of every member
  Few<TrackedObject> track_files, track_processes;  ///< of every member
  bool members_may_weigh = false;  ///< sync_group_tracking_weight: weights of a member's own trackers count
  NotifyScripts notify;            ///< master, backup, fault, stop, any
  std::optional<bool> smtp_alert;  ///< set once all is read: smtp_alert_vrrp, smtp_alert, else off
  bool no_email_faults = false;    ///< of global_defs
  std::optional<bool> notify_priority_changes;
  Location at;
  std::vector<KeptLine> unused_lines;  ///< of keywords that are not honoured yet
  bool operator==(const SyncGroup&) const = default;
};

}  // namespace holdfast::config
