// The children, seen from core: how they are started, what they say, what they are told, and what they want remembered.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>
#include <utility>

#include "core/runtime/clock.h"
#include "core/runtime/socket.h"
#include "core/watchdog/dump_file.h"
#include "core/watchdog/envelopes.h"
#include "core/watchdog/io/launcher.h"
#include "core/watchdog/news.h"
#include "core/watchdog/process.h"

namespace holdfast::watchdog {
namespace {

std::size_t index(Role role) {
  return static_cast<std::size_t>(role);
}

Level level_of_priority(int priority) {
  return priority <= 3 ? Level::Error : priority == 4 ? Level::Warning : Level::Info;
}

}  // namespace

void Process::perform(const Spawn& effect) {
  began_at_[index(effect.role)].reset();
  auto launched = launch(effect.role, options_.log_console);
  if (!launched) return handle(SpawnFailed{effect.role, launched.error().message});
  link_up(effect.role, std::move(launched->link));
  handle(Spawned{effect.role, launched->pid});
}

void Process::link_up(Role role, UniqueFd socket) {
  std::unique_ptr<ChildPort>& port = ports_[index(role)];
  if (port) {
    retired_.push_back(std::move(port));
    burial_.arm(now());
  }
  ++links_[index(role)];
  port = std::make_unique<ChildPort>(loop_, role, std::move(socket), port_callbacks(role));
}

void Process::on_child_event(Role role, const Event& event) {
  if (const auto* lost = std::get_if<LinkLost>(&event)) {
    LinkLost of_this_one = *lost;
    of_this_one.pid = engine_.child(role).pid();
    reap();  // its exit may be there already: then the next one must not pay for the link
    return handle(of_this_one);
  }
  if (std::holds_alternative<ChildPong>(event) && role == Role::Vrrp) records_.vouch(now());
  handle(event);
}

ChildPort::Callbacks Process::port_callbacks(Role role) {
  ChildPort::Callbacks c;
  c.on_event = [this, role, link = links_[index(role)]](const Event& event) {
    if (link == links_[index(role)]) on_child_event(role, event);
  };
  c.on_records = [this, role](const proto::RecordChanges& changes) { on_records(role, changes); };
  c.on_run_script = [this, role](const proto::RunScript& request) {
    scripts_.run(request, [this, role](const proto::ScriptResult& result) {
      proto::Envelope envelope;
      *envelope.mutable_script_result() = result;
      send(role, envelope);
    });
  };
  c.on_notify_line = [this, role](const proto::NotifyLine& line) {
    everything_.write(line.subject(), line.text());
    (role == Role::Vrrp ? of_vrrp_ : of_checker_).write(line.subject(), line.text());
  };
  c.on_alert = [this](const proto::Alert& alert) { mail_.post(alert); };
  c.on_log = [this, role](const proto::LogLines& lines) {
    const int pid = engine_.child(role).pid();
    const std::string ident = ident_of(role) + paths_.name_suffix;
    if (lines.dropped() > 0)
      logger_->warning(fmt::format("{} log lines of the {} process were lost", lines.dropped(), title(role)));
    for (const proto::LogLine& line : lines.lines()) {
      logger_->forward({level_of_priority(line.priority()), line.time_us(), ident, pid, line.text()});
    }
  };
  c.on_dump = [this, role](const proto::DumpText& dump) { on_dump(role, dump); };
  c.on_lateness = [this, role](const proto::Lateness& lateness) { lateness_[index(role)] = lateness; };
  return c;
}

void Process::on_adopted_end(pid_t pid) {
  for (const Role role : {Role::Vrrp, Role::Checker}) {
    if (engine_.child(role).pid() == pid && engine_.child(role).alive())
      return handle(Exited{role, pid, false, 0, true});
  }
}

bool Process::on_orphan(const proto::Hello& hello, pid_t pid, UniqueFd socket) {
  const Role role = hello.role() == proto::ROLE_VRRP ? Role::Vrrp : Role::Checker;
  const Child& child = engine_.child(role);
  const bool expected = child.state() == ChildState::AwaitingOrphan && child.pid() == pid;
  if (!expected && child.alive()) return false;
  link_up(role, std::move(socket));
  adopted_.add(pid);
  began_at_[index(role)] = from_us(hello.started_at_us());
  handle(Attached{role, pid, hello.configuration_digest() == digest_octets(running_.part(role).digest)});
  return true;
}

void Process::send(Role role, const proto::Envelope& envelope) {
  if (ports_[index(role)]) ports_[index(role)]->send(envelope);
}

void Process::perform(const SendBeginning& effect) {
  const proto::Settings settings = settings_of(effect.role, options_, paths_, cookie_, rendezvous_ != nullptr);
  for (const proto::Envelope& envelope : beginning(effect, running_.part(effect.role), settings, records_.store()))
    send(effect.role, envelope);
  if (effect.role == Role::Checker) tell_checker_of_instances();
}

void Process::perform(const SendAdopt& effect) {
  proto::Envelope envelope;
  envelope.mutable_adopt()->set_cookie(cookie_);
  send(effect.role, envelope);
  if (effect.role == Role::Checker) tell_checker_of_instances();
}

void Process::perform(const SendPrepare& effect) {
  send(effect.role, envelope_of(effect, (offered_ ? *offered_ : running_).part(effect.role)));
}

void Process::perform(const SendCommit& effect) {
  send(effect.role, envelope_of(effect));
}

void Process::perform(const SendAbandon& effect) {
  send(effect.role, envelope_of(effect));
}

void Process::perform(const SendPing& effect) {
  send(effect.role, envelope_of(effect));
}

void Process::perform(const SendStop& effect) {
  send(effect.role, envelope_of(effect));
}

// ---- records -----------------------------------------------------------------------------------------------------------

void Process::on_records(Role role, const proto::RecordChanges& changes) {
  proto::Envelope instances;
  records_.change(role, changes, [&](const std::string& key, const std::string* before, const std::string* after) {
    if (watched()) tell(record_news(key, before, after, wall_clock_us()));
    if (role != Role::Vrrp || after == nullptr) return;
    if (auto event = instance_event(running_.config, key, *after))
      *instances.mutable_vrrp_events()->add_instances() = std::move(*event);
  });
  if (instances.vrrp_events().instances_size() > 0) send(Role::Checker, instances);
}

/// Everything at once: a checker that has just begun knows nothing, and then hears each change.
void Process::tell_checker_of_instances() {
  proto::Envelope envelope;
  proto::VrrpEvents& events = *envelope.mutable_vrrp_events();
  for (const auto& [key, value] : records_.store().of(Role::Vrrp)) {
    if (auto event = instance_event(running_.config, key, value)) *events.add_instances() = std::move(*event);
  }
  send(Role::Checker, envelope);
}

}  // namespace holdfast::watchdog
