#include "vrrp/logic/notifier.h"

#include <fmt/format.h>
#include <string>

#include "vrrp/logic/state_words.h"

namespace holdfast::vrrp {

namespace {

constexpr const char* kDeletedWord = "DELETED";

void run(const NotifySubject& subject, const config::ScriptCommand& command, Effects& out) {
  if (!command.empty()) out.push_back(RunNotifyScript{subject.settings.name, command, {}});
}

void tell_fifo(const NotifySubject& subject, const char* word, Effects& out) {
  const std::string& name = subject.settings.name;
  out.push_back(TellFifo{"INSTANCE " + name, fmt::format("INSTANCE \"{}\" {} {}", name, word, subject.priority)});
}

void tell(const NotifySubject& subject, const config::ScriptCommand& command, const char* word, Effects& out) {
  run(subject, command, out);
  const config::VrrpInstance& settings = subject.settings;
  if (!settings.notify->any.empty()) {
    out.push_back(RunNotifyScript{
        settings.name, settings.notify->any, {"INSTANCE", settings.name, word, std::to_string(subject.priority)}});
  }
  tell_fifo(subject, word, out);
}

const config::ScriptCommand& script_of(State state, const config::NotifyScripts& scripts) {
  if (state == State::Active) return scripts.master;
  return state == State::Backup ? scripts.backup : scripts.fault;
}

}  // namespace

void Notifier::entered(State state, const NotifySubject& subject, Effects& out) {
  if (state == last_told_) return;
  last_told_ = state;
  tell(subject, script_of(state, subject.settings.notify), notify_word(state), out);
  alerts_.entered(state, subject.settings, out);
}

void Notifier::flush(const NotifySubject& subject, Effects& out) {
  if (!active_pending_) return;
  active_pending_ = false;
  entered(State::Active, subject, out);
}

void Notifier::repeat(const NotifySubject& subject, Effects& out) const {
  if (last_told_ != State::Initialize) tell_fifo(subject, notify_word(last_told_), out);
}

void Notifier::removed(const NotifySubject& subject, Effects& out) {
  if (!subject.settings.notify_deleted) return entered(State::Fault, subject, out);
  tell(subject, subject.settings.notify->deleted, kDeletedWord, out);
  alert_deleted(subject.settings, out);
}

void Notifier::stopped(const NotifySubject& subject, Effects& out) {
  tell(subject, subject.settings.notify->stop, notify_word(State::Initialize), out);
  alerts_.entered(State::Initialize, subject.settings, out);
}

void notify_group(const config::SyncGroup& group, State state, Alerts& alerts, Effects& out) {
  // Its own queue: an instance of the same name does not wait for it, nor it for that.
  const std::string queue = "group " + group.name;
  const config::ScriptCommand& bare = state == State::Initialize ? group.notify.stop : script_of(state, group.notify);
  if (!bare.empty()) out.push_back(RunNotifyScript{queue, bare, {}});
  if (!group.notify.any.empty()) {
    out.push_back(RunNotifyScript{queue, group.notify.any, {"GROUP", group.name, notify_word(state), "0"}});
  }
  out.push_back(TellFifo{"GROUP " + group.name, fmt::format("GROUP \"{}\" {} 0", group.name, notify_word(state))});
  alerts.entered(state, group, out);
}

void notify_priority(const NotifySubject& subject, State state, Effects& out) {
  if (state != State::Active && state != State::Backup) return;
  const std::string& name = subject.settings.name;
  const char* word = state == State::Active ? "MASTER_PRIORITY" : "BACKUP_PRIORITY";
  out.push_back(TellFifo{"PRIORITY " + name, fmt::format("INSTANCE \"{}\" {} {}", name, word, subject.priority)});
}

void notify_lower_priority_heard(const NotifySubject& subject, Effects& out) {
  run(subject, subject.settings.notify->master_rx_lower_pri, out);
  // Beside the state, which it must not displace.
  const std::string& name = subject.settings.name;
  out.push_back(
      TellFifo{"CONFLICT " + name, fmt::format("INSTANCE \"{}\" MASTER_RX_LOWER_PRI {}", name, subject.priority)});
}

void notify_group_conflict(const config::SyncGroup& group, Effects& out) {
  out.push_back(
      TellFifo{"CONFLICT GROUP " + group.name, fmt::format("GROUP \"{}\" MASTER_RX_LOWER_PRI 0", group.name)});
}

}  // namespace holdfast::vrrp
