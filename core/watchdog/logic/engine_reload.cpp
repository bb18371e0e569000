// The reload, seen from the engine: who is asked, when the new configuration comes into force, and who has missed it.
#include <utility>

#include "core/watchdog/logic/engine.h"

namespace holdfast::watchdog {

void Engine::on(const ReloadOffered& event) {
  if (stopping_) return;
  reload_.offer(event.generation, event.needed, now_);
  for (Child& child : children_) {
    if (child.state() == ChildState::Running) ask(child);
  }
  conclude_reload();
}

void Engine::ask(Child& child) {
  reload_.ask(child.role());
  child.asked = reload_.generation();
  emit(SendPrepare{child.role(), reload_.generation()});
}

/// A reload may have come while the child was starting with what was in force before.
void Engine::bring_up_to_date(Child& child) {
  if (stopping_ || child.state() != ChildState::Running) return;
  const bool preparing = reload_.active() && !reload_.committed();
  if (child.generation == (preparing ? reload_.generation() : generation_)) return;
  if (reload_.active() && !preparing) return;  // when the others have committed
  if (!preparing) reload_.offer(generation_, {}, now_);
  ask(child);
}

void Engine::on(const ChildPrepared& event) {
  Child& child = at(event.role);
  if (!reload_.active() || child.asked != event.generation) return;
  reload_.answer(event.role, event.accepted, event.reasons);
  conclude_reload();
}

void Engine::conclude_reload() {
  if (!reload_.active() || stopping_) return;
  if (reload_.committed()) {
    if (!reload_.settled()) return;
    reload_.finish();
    emit(ReloadFinished{generation_, true});
    for (Child& child : children_) bring_up_to_date(child);
    return;
  }
  switch (reload_.verdict()) {
    case Reload::Verdict::Pending:
      return;
    case Reload::Verdict::Accepted:
      return commit();
    case Reload::Verdict::Refused:
      break;
  }
  for (const std::string& reason : reload_.reasons()) log(LogLevel::Error, "Reload refused: " + reason);
  for (Child& child : children_) {
    if (child.asked == reload_.generation()) emit(SendAbandon{child.role(), reload_.generation()});
    child.asked.reset();
  }
  reload_.finish();
  emit(ReloadFinished{reload_.generation(), false});
}

void Engine::commit() {
  generation_ = reload_.generation();
  reload_.commit(now_);
  emit(ReloadCommitted{generation_});
  for (Child& child : children_) {
    if (child.asked == generation_) {
      reload_.await(child.role());
      emit(SendCommit{child.role(), generation_});
    }
    child.asked.reset();
  }
  for (const Role role : reload_.needed()) {
    if (Child& wanted = at(role); wanted.state() == ChildState::Absent) {
      reload_.await(role);
      start(wanted);
    }
  }
  conclude_reload();
}

}  // namespace holdfast::watchdog
