// Which notify script of an instance runs when (behaviour.md d.12): the bare script of the state, then `notify` with
// INSTANCE NAME STATE PRIORITY. No state is told twice in a row, and MASTER is told only after the VIPs and their
// announcements are out. The virtual router calls it with its settings and priority of the moment.
//
// After the scripts the same goes to the notify fifos as a line, and then perhaps as a mail (alerts.h). Absent: running or writing anything, which is core's business.
#pragma once

#include "core/config/schema/sync_group.h"
#include "core/config/schema/vrrp_instance.h"
#include "vrrp/logic/alerts.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// Whose scripts, and the priority that `notify` is told.
struct NotifySubject {
  const config::VrrpInstance& settings;
  int priority = 0;  ///< effective
};

class Notifier {
 public:
  /// A predecessor has told the scripts of this state already.
  void resume_from(State told, const config::VrrpInstance& settings) {
    last_told_ = told;
    alerts_.resume_from(told, settings);
  }
  /// Backup, Active or Fault was entered.
  void entered(State state, const NotifySubject& subject, Effects& out);
  /// Active was entered; to be told by flush(), once the addresses are out.
  void entered_active() { active_pending_ = true; }
  /// Tells of Active if that is still owed.
  void flush(const NotifySubject& subject, Effects& out);
  /// fifo_write_vrrp_states_on_reload: the state that was told last once more, to the fifos only.
  void repeat(const NotifySubject& subject, Effects& out) const;
  bool owes_active() const { return active_pending_; }
  /// The configuration has the instance no more: DELETED with `notify_deleted`, else FAULT unless that was told last.
  void removed(const NotifySubject& subject, Effects& out);
  /// The daemon stops: STOP.
  void stopped(const NotifySubject& subject, Effects& out);

 private:
  State last_told_ = State::Initialize;
  bool active_pending_ = false;
  Alerts alerts_;
};

/// GROUP NAME STATE 0 (behaviour.md d.12); Initialize means STOP.
void notify_group(const config::SyncGroup& group, State state, Alerts& alerts, Effects& out);
/// notify_priority_changes: MASTER_PRIORITY or BACKUP_PRIORITY, to the fifos only.
void notify_priority(const NotifySubject& subject, State state, Effects& out);
/// An Active heard somebody with a lower priority: notify_master_rx_lower_pri, and no `notify`; MASTER_RX_LOWER_PRI to the fifos.
void notify_lower_priority_heard(const NotifySubject& subject, Effects& out);

/// The same of a sync group, to the fifos: it has no script for it.
void notify_group_conflict(const config::SyncGroup& group, Effects& out);

}  // namespace holdfast::vrrp
