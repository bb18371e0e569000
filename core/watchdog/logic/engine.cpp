#include "core/watchdog/logic/engine.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <utility>

#include "core/watchdog/logic/restart_policy.h"

namespace holdfast::watchdog {
namespace {

/// Called this much after a deadline, core itself must have slept: nobody is blamed for not having answered.
constexpr Duration kSleptLimit = milliseconds(300);

/// After its own sleep core hears what waits in its sockets before it takes a VIP away from a successor that may be at work.
constexpr Duration kSocketsFirst = milliseconds(20);

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace

Effects Engine::take() {
  change_ears();
  return std::exchange(out_, {});
}

void Engine::log(LogLevel level, std::string text) {
  emit(Log{level, std::move(text)});
}

Effects Engine::handle(const Event& event, TimePoint now) {
  now_ = now;
  std::visit([this](const auto& e) { on(e); }, event);
  check_finished();
  return take();
}

// ---- start -------------------------------------------------------------------------------------------------------------

void Engine::on(const Begin& event) {
  generation_ = event.generation;
  for (const Orphan& orphan : event.orphans) {
    log(LogLevel::Info,
        fmt::format("{} child process {} lives on without a core, waiting for it", title(orphan.role), orphan.pid));
    at(orphan.role).await_orphan(orphan.pid, now_);
  }
  for (const Role role : event.needed) {
    Child& wanted = at(role);
    wanted.set_died_at(event.remembered_until);
    if (!wanted.alive()) start(wanted);
  }
  check_startup();
}

void Engine::start(Child& child) {
  child.begin_start(now_);
  emit(Spawn{child.role()});
}

void Engine::on(const Spawned& event) {
  Child& child = at(event.role);
  child.spawned(event.pid);
  log(LogLevel::Info, fmt::format("Starting {} child process, pid={}", title(event.role), event.pid));
  emit(SendBeginning{event.role, generation_, child.died_at()});
}

void Engine::on(const SpawnFailed& event) {
  Child& child = at(event.role);
  log(LogLevel::Error, fmt::format("Cannot start the {} child process: {}", title(event.role), event.reason));
  // Nothing lived, so nothing was sent since the death before: that time stays.
  const TimePoint died_at = child.died_at();
  after_death(child, event.reason);
  child.set_died_at(died_at);
}

void Engine::on(const Attached& event) {
  Child& child = at(event.role);
  if (child.alive() && child.state() != ChildState::AwaitingOrphan) return;
  child.adopted(event.pid, now_);
  child.generation = event.same_configuration ? generation_ : 0;
  log(LogLevel::Info, fmt::format("Adopted {} child process, pid={}", title(event.role), event.pid));
  emit(SendAdopt{event.role});
  if (stopping_) {
    child.stop(policy_.child_wait_time, now_);
    return emit(SendStop{event.role});
  }
  if (!event.same_configuration) {
    if (!reload_.active()) reload_.offer(generation_, {}, now_);
    ask(child);
  }
  check_startup();
}

void Engine::on(const ChildReady& event) {
  Child& child = at(event.role);
  const bool first = child.state() == ChildState::Starting;
  child.ready(event.generation, now_);
  if (first) child.will.successor_ready();
  if (event.generation == generation_) {
    reload_.in_force(event.role);
    conclude_reload();
  }
  if (first) bring_up_to_date(child);
  check_startup();
}

void Engine::check_startup() {
  if (startup_complete_ || stopping_) return;
  const bool pending =
      std::ranges::any_of(children_, [](const Child& c) { return c.alive() && c.state() != ChildState::Running; });
  if (pending) return;
  startup_complete_ = true;
  log(LogLevel::Info, "Startup complete");
  emit(StartupComplete{});
}

// ---- death and return --------------------------------------------------------------------------------------------------

void Engine::on(const Exited& event) {
  Child& child = at(event.role);
  if (!child.alive() || child.pid() != event.pid) return;
  const std::string how = obituary(event);
  reload_.forget(event.role);
  if (stopping_ || child.state() == ChildState::Stopping) {
    if (!policy_.keep_vips) execute(child.will.execute_all(), "its process ended before it removed them");
    child.gone();
    return conclude_reload();
  }
  log(LogLevel::Info, how);
  if (const auto code = permanent_error(event)) {
    const char* kind = *code == 1 ? "FATAL" : *code == 2 ? "CONFIG" : "missing permission";
    log(LogLevel::Error, fmt::format("pid {} exited with permanent error {}. Terminating", event.pid, kind));
    execute(child.will.execute_all(), "its process cannot be restarted");
    child.gone();
    return begin_stop(*code);
  }
  const bool adopted_gone = child.state() == ChildState::AwaitingOrphan;
  if (!policy_.respawn) {
    log(LogLevel::Alert, fmt::format("{} child process({}) died: Exiting", title(event.role), event.pid));
    execute(child.will.execute_all(), "its process is not restarted (-R)");
    child.gone();
    return begin_stop(0);
  }
  log(LogLevel::Alert, fmt::format("{} child process({}) died: Respawning", title(event.role), event.pid));
  const TimePoint remembered_until = child.died_at();
  after_death(child, how);
  if (adopted_gone && remembered_until != TimePoint{}) child.set_died_at(remembered_until);
  conclude_reload();
}

void Engine::after_death(Child& child, const std::string& how) {
  child.died(how, now_);
  child.will.testator_died(child.died_at());
  const Duration delay = child.wait(now_);
  if (delay <= Duration::zero()) return start(child);
  log(LogLevel::Info, fmt::format("Restart of {} process delayed {:g} seconds to limit respawn rate",
                                  title(child.role()), to_seconds(delay)));
}

void Engine::on(const LinkLost& event) {
  Child& child = at(event.role);
  if (event.pid != 0 && event.pid != child.pid()) return;  // of one that is dead already
  // Dying, gone or stopping: its exit says the rest.
  if (child.state() != ChildState::Starting && child.state() != ChildState::Running) return;
  if (event.untrustworthy) return kill_stuck(child, event.reason);
  child.disconnected(now_);
}

void Engine::kill_stuck(Child& child, const std::string& why) {
  log(LogLevel::Error, fmt::format("{} child process({}): {}; killing it", title(child.role()), child.pid(), why));
  child.kill(now_);
  emit(Signal{child.role(), child.pid(), SIGABRT});
}

void Engine::execute(const std::vector<Bequest>& wills, const char* why) {
  for (const Bequest& bequest : wills) {
    if (bequest.addresses.empty() && bequest.orders.empty()) continue;
    log(LogLevel::Warning, fmt::format("({}) removing VIPs in place of the VRRP process: {}", bequest.key, why));
    emit(RemoveAddresses{bequest.key, bequest.addresses, bequest.orders});
  }
}

void Engine::on(const WillChanged& event) {
  at(event.role).will.change(event.bequests, event.revoked);
  if (at(event.role).state() == ChildState::Starting) at(event.role).spoke(now_);
}

void Engine::on(const TakeoverHeard& event) {
  at(event.role).will.takeover_heard(event.key, now_);
  execute(at(event.role).will.due(now_), "a peer has taken over");
}

void Engine::on(const ListeningFailed& event) {
  log(LogLevel::Warning,
      fmt::format("({}) cannot listen for a peer that takes over: {}; removing VIPs when one is expected to", event.key,
                  event.reason));
  at(event.role).will.listening_failed(event.key);
}

void Engine::change_ears() {
  for (Child& child : children_) {
    auto changes = child.will.take_ear_changes(now_);
    for (auto& [key, ear] : changes.start) emit(StartListening{child.role(), key, std::move(ear)});
    if (!changes.stop.empty()) emit(StopListening{child.role(), std::move(changes.stop)});
  }
}

void Engine::on(const ChildPong& event) {
  at(event.role).heartbeat.answered(event.sequence, now_);
}

// ---- stop --------------------------------------------------------------------------------------------------------------

void Engine::on(const StopRequested&) {
  begin_stop(0);
}

void Engine::begin_stop(int exit_code) {
  if (stopping_) return;
  stopping_ = true;
  exit_code_ = exit_code;
  reload_.finish();
  for (Child& child : children_) {
    switch (child.state()) {
      case ChildState::Absent:
        break;
      case ChildState::Waiting:
        if (!policy_.keep_vips) execute(child.will.execute_all(), "its process is not there to do it");
        child.gone();
        break;
      case ChildState::AwaitingOrphan:
        break;  // stopped when it knocks, killed when it does not
      case ChildState::Disconnected:
      case ChildState::Killed:
        break;  // its exit says the rest
      case ChildState::Starting:
      case ChildState::Running:
        emit(SendStop{child.role()});
        child.stop(policy_.child_wait_time, now_);
        break;
      case ChildState::Stopping:
        break;
    }
  }
}

void Engine::on(const ChildStopped& event) {
  // Everything is undone; what the process may still do wrong on its way out needs no will.
  at(event.role).will.execute_all();
}

void Engine::check_finished() {
  if (!stopping_ || finished_) return;
  if (std::ranges::any_of(children_, [](const Child& c) { return c.alive(); })) return;
  finished_ = true;
  emit(Finish{exit_code_});
}

// ---- deadlines ---------------------------------------------------------------------------------------------------------

std::optional<TimePoint> Engine::next_deadline() const {
  std::optional<TimePoint> next = reload_.deadline();
  for (const Child& child : children_) {
    next = earlier(next, child.limit());
    next = earlier(next, child.heartbeat.next_deadline());
    next = earlier(next, child.will.next_deadline());
  }
  return next;
}

Effects Engine::on_deadline(TimePoint now) {
  now_ = now;
  const auto due = next_deadline();
  const bool slept = due && now - *due > kSleptLimit;
  if (slept) reload_.forgive(now);
  for (Child& child : children_) {
    if (slept) child.forgive(now);
    if (slept && child.state() == ChildState::Starting) child.will.postpone(now + kSocketsFirst);
    execute(child.will.due(now), "the peers take over now and no successor could be started in time");
    check_heartbeat(child);
    check_limit(child);
  }
  if (const auto limit = reload_.deadline(); limit && now >= *limit) {
    if (reload_.committed()) {
      log(LogLevel::Error, "A child process has not put the new configuration into force in time");
      reload_.finish();
      emit(ReloadFinished{generation_, true});
    } else {
      reload_.refuse("a child process did not answer in time");
      conclude_reload();
    }
  }
  check_finished();
  return take();
}

void Engine::check_heartbeat(Child& child) {
  if (child.state() != ChildState::Running) return;
  if (child.heartbeat.stuck(now_))
    return kill_stuck(child, fmt::format("no answer for {:g} seconds", to_seconds(child.heartbeat.answer_limit())));
  if (const auto sequence = child.heartbeat.ping(now_)) emit(SendPing{child.role(), *sequence});
}

void Engine::check_limit(Child& child) {
  if (!child.limit() || now_ < *child.limit()) return;
  switch (child.state()) {
    case ChildState::Waiting:
      return start(child);
    case ChildState::Disconnected:
      return kill_stuck(child, "lost the link to it, and it lives on");
    case ChildState::Starting:
      return kill_stuck(child, fmt::format("not ready after {:g} seconds", to_seconds(kStartLimit)));
    case ChildState::AwaitingOrphan:
      log(LogLevel::Error,
          fmt::format("{} child process({}) did not come back; killing it", title(child.role()), child.pid()));
      break;
    case ChildState::Stopping:
      log(LogLevel::Error, fmt::format("{} process failed to die - forcing termination", title(child.role())));
      break;
    default:
      break;
  }
  // Killed again and again until its exit is seen: a lost signal must not leave a child for ever half dead.
  emit(Signal{child.role(), child.pid(), SIGKILL});
  child.retry_kill(now_);
}

}  // namespace holdfast::watchdog
