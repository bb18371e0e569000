#include "core/watchdog/news.h"

#include <algorithm>
#include <optional>

#include "core/watchdog/checker_status.h"

namespace holdfast::watchdog {
namespace {

using Changed = proto::ProcessChanged;

proto::Happening happening(std::int64_t wall_us) {
  proto::Happening event;
  set_timestamp(*event.mutable_time(), wall_us);
  return event;
}

proto::Happening process_news(Role role, Changed::How how, std::int32_t pid, const std::string& why,
                              std::int64_t wall_us) {
  proto::Happening event = happening(wall_us);
  Changed& changed = *event.mutable_process_changed();
  changed.set_role(role_name(role));
  changed.set_how(how);
  changed.set_pid(pid);
  changed.set_why(why);
  return event;
}

/// A process that knocked is known from its first word on, without ever having been started by us.
Changed::How how_it_came_to_run(ChildState before) {
  return before == ChildState::Starting ? Changed::RUNNING : Changed::ADOPTED;
}

bool dead(ChildState state, std::int32_t pid) {
  return state == ChildState::Absent || state == ChildState::Waiting || (state == ChildState::Starting && pid == 0);
}

std::vector<proto::Happening> instance_news(const std::string* before, const std::string* after, std::int64_t wall_us) {
  std::vector<proto::Happening> events;
  const auto old = instance_record(before);
  const auto now = instance_record(after);
  if (!now) {
    if (old && after == nullptr) {
      events.push_back(happening(wall_us));
      events.back().mutable_instance_removed()->set_instance(old->instance());
    }
    return events;
  }
  const auto from = old ? state_of(*old) : proto::InstanceStatus::INIT;
  const bool other_faults = old && old->state() == proto::VRRP_FAULT && now->state() == proto::VRRP_FAULT &&
                            !std::equal(old->fault_reasons().begin(), old->fault_reasons().end(),
                                        now->fault_reasons().begin(), now->fault_reasons().end());
  if (from != state_of(*now) || other_faults) {
    events.push_back(happening(wall_us));
    proto::InstanceChanged& changed = *events.back().mutable_instance_changed();
    changed.set_instance(now->instance());
    changed.set_from(from);
    changed.set_to(state_of(*now));
    changed.set_priority(now->effective_priority());
    *changed.mutable_fault_reasons() = now->fault_reasons();
  }
  if (old && old->effective_priority() != now->effective_priority()) {
    events.push_back(happening(wall_us));
    proto::PriorityChanged& changed = *events.back().mutable_priority_changed();
    changed.set_instance(now->instance());
    changed.set_from(old->effective_priority());
    changed.set_to(now->effective_priority());
    *changed.mutable_reasons() = now->priority_reasons();
  }
  return events;
}

std::vector<proto::Happening> script_news(const std::string* before, const std::string* after, std::int64_t wall_us) {
  const auto old = script_record(before);
  const auto now = script_record(after);
  if (!now) return {};
  const auto from = old ? result_of(*old) : proto::ScriptStatus::UNKNOWN;
  const int status_before = old ? old->last_status() : -1;
  if (from == result_of(*now) && status_before == now->last_status()) return {};
  proto::Happening event = happening(wall_us);
  proto::ScriptChanged& changed = *event.mutable_script_changed();
  changed.set_script(now->script());
  changed.set_from(from);
  changed.set_to(result_of(*now));
  changed.set_last_exit_status(now->last_status());
  return {event};
}

}  // namespace

std::vector<proto::Happening> ChildNews::compare(const Engine& engine, std::int64_t wall_us) {
  std::vector<proto::Happening> events;
  for (const Role role : {Role::Vrrp, Role::Checker}) {
    const Child& child = engine.child(role);
    Known& known = known_[static_cast<std::size_t>(role)];
    const Known now{child.state(), child.pid()};
    const auto tell = [&](Changed::How how, std::int32_t pid, const std::string& why) {
      events.push_back(process_news(role, how, pid, why, wall_us));
    };
    const bool was_dead = dead(known.state, known.pid);
    const bool is_dead = dead(now.state, now.pid);
    if (!was_dead && is_dead) {
      // One that is gone for good leaves no obituary.
      const bool for_good = now.state == ChildState::Absent;
      const bool in_order = for_good && known.state == ChildState::Stopping;
      tell(in_order ? Changed::ENDED : Changed::DIED, known.pid, for_good ? std::string() : child.last_death());
    }
    if (now.state == ChildState::Starting && now.pid != 0 && known.pid != now.pid) tell(Changed::STARTED, now.pid, {});
    if (now.state == ChildState::Running && known.state != ChildState::Running)
      tell(how_it_came_to_run(known.state), now.pid, {});
    if (now.state == ChildState::Killed && known.state != ChildState::Killed) tell(Changed::KILLED, now.pid, {});
    known = now;
  }
  return events;
}

std::vector<proto::Happening> record_news(const std::string& key, const std::string* before, const std::string* after,
                                          std::int64_t wall_us) {
  if (key.starts_with(instance_key(""))) return instance_news(before, after, wall_us);
  if (key.starts_with(script_key(""))) return script_news(before, after, wall_us);
  return checker_record_news(key, before, after, wall_us);
}

proto::Happening reload_news(bool accepted, std::uint64_t generation_in_force, std::int64_t wall_us) {
  proto::Happening event = happening(wall_us);
  event.mutable_reload_ended()->set_accepted(accepted);
  event.mutable_reload_ended()->set_generation(static_cast<std::uint32_t>(generation_in_force));
  return event;
}

proto::Happening last_will_news(const RemoveAddresses& will, std::int64_t wall_us) {
  proto::Happening event = happening(wall_us);
  event.mutable_last_will_executed()->set_instance(will.key);
  for (const WillAddress& address : will.addresses)
    event.mutable_last_will_executed()->add_addresses(address.prefix.text());
  return event;
}

}  // namespace holdfast::watchdog
