#include "core/watchdog/process.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include "core/config/render.h"
#include "core/mail/io/mailer.h"
#include "core/runtime/clock.h"
#include "core/runtime/socket.h"
#include "core/watchdog/dump_file.h"
#include "core/watchdog/envelopes.h"
#include "core/watchdog/io/launcher.h"
#include "core/watchdog/io/run_directory.h"
#include "core/watchdog/parent_dump.h"

namespace holdfast::watchdog {
namespace {

Policy policy_of(const CommandLine& options, const config::Config& config) {
  return {options.respawn, options.keep_vips, config.global_defs.child_wait_time};
}

std::vector<int> handled_signals() {
  return {SIGHUP, SIGTERM, SIGINT, SIGCHLD, SIGUSR1, SIGUSR2, SIGRTMAX - 1, SIGRTMIN + 2};
}

constexpr Duration kLastMailsWait = seconds(2);

std::size_t index(Role role) {
  return static_cast<std::size_t>(role);
}

Level level_of(LogLevel level) {
  return static_cast<Level>(level);
}

}  // namespace

Process::Process(ProcessParts parts)
    : options_(std::move(parts.options)),
      paths_(std::move(parts.paths)),
      logger_(std::move(parts.logger)),
      pid_file_(std::move(parts.pid_file)),
      start_report_(std::move(parts.start_report)),
      executor_(parts.make_executor(loop_, [this](std::string text) { logger_->error(std::move(text)); })),
      service_(notify_socket_of_environment()),
      running_(std::move(parts.configuration)),
      engine_(policy_of(options_, running_.config)),
      timer_(loop_, [this] { on_deadline(); }),
      signals_(loop_, handled_signals(), [this](int signal) { on_signal(signal); }),
      scripts_(loop_, [this](std::string text) { logger_->warning(std::move(text)); }),
      everything_(loop_, scripts_, [this](std::string text) { logger_->warning(std::move(text)); }),
      of_vrrp_(loop_, scripts_, [this](std::string text) { logger_->warning(std::move(text)); }),
      of_checker_(loop_, scripts_, [this](std::string text) { logger_->warning(std::move(text)); }),
      mail_(loop_, *logger_, {"keepalived", kChildFlag, mail::kMailerWord}),
      adopted_(loop_, [this](pid_t pid) { on_adopted_end(pid); }),
      started_at_(now()),
      records_(paths_.records(),
               [this](RecordKeeper::Say how, std::string text) {
                 if (how == RecordKeeper::Say::Error) return logger_->error(std::move(text));
                 how == RecordKeeper::Say::Warning ? logger_->warning(std::move(text))
                                                   : logger_->detail(std::move(text));
               }),
      burial_(loop_, [this] { retired_.clear(); }),
      timed_reload_(
          loop_, [this](const std::string& text) { logger_->info(text); }, [this] { reload(); }) {}

int Process::run() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  begin();
  loop_.run();
  return exit_code_;
}

// ---- start -------------------------------------------------------------------------------------------------------------

void Process::begin() {
  if (const Status made = prepare_run_directory(paths_.run_directory); !made) {
    logger_->error("Run directory: " + made.error().message +
                   "; a successor of this process will not find its children");
  } else {
    open_rendezvous();
    open_control();
  }
  scripts_.allow(running_.config);
  timed_reload_.obey(running_.config.global_defs);
  save_read(running_);
  if (running_.needed.empty()) logger_->warning("Warning - keepalived has no configuration to run");
  Begin event{running_.needed, last_generation_, {}, {}};
  records_.load(running_.part(Role::Vrrp).digest);
  event.remembered_until = records_.alive_until();
  for (const auto& [role, file] :
       {std::pair(Role::Vrrp, paths_.vrrp_pid_file), {Role::Checker, paths_.checkers_pid_file}}) {
    const auto pid = PidFile::holder(file);
    if (!pid) continue;
    event.orphans.push_back({role, *pid});
    adopted_.add(*pid);  // it may also end before it has found us
  }
  const bool served_on = !event.orphans.empty() || event.remembered_until != TimePoint{};
  init_files(running_.config.track_files, served_on ? Overwriting::Never : Overwriting::AsConfigured);
  configure_pipes();
  const auto& startup = running_.config.global_defs.startup_script;
  if (startup.empty()) return handle(event);
  logger_->info("Running startup script " + startup.argv.front());
  scripts_.run_own(startup, running_.config.global_defs.startup_script_timeout, [this, event](ScriptEnd end) {
    const bool succeeded = end.outcome == ScriptOutcome::Exited && end.status == 0;
    logger_->info(succeeded ? "startup script succeeded" : fmt::format("startup script failed, status {}", end.status));
    handle(event);
  });
}

void Process::init_files(const std::vector<config::TrackFile>& files, Overwriting overwriting) {
  for (std::string& complaint : write_init_files(files, overwriting)) logger_->warning(std::move(complaint));
}

void Process::configure_pipes() {
  const config::GlobalDefs& globals = running_.config.global_defs;
  everything_.configure(globals.notify_fifo);
  of_vrrp_.configure(globals.vrrp_notify_fifo);
  of_checker_.configure(globals.lvs_notify_fifo);
  mail_.configure(globals);
}

void Process::open_rendezvous() {
  auto cookie = load_or_make_cookie(paths_.cookie());
  if (!cookie) return logger_->error("Cookie: " + cookie.error().message);
  cookie_ = *cookie;
  Rendezvous::Callbacks callbacks;
  callbacks.on_orphan = [this](const proto::Hello& hello, pid_t pid, UniqueFd socket) {
    return on_orphan(hello, pid, std::move(socket));
  };
  callbacks.on_refused = [this](std::string reason) { logger_->warning("Refused: " + reason); };
  auto opened = Rendezvous::open(loop_, paths_.rendezvous(), cookie_, std::move(callbacks));
  if (!opened) return logger_->error("Rendezvous: " + opened.error().message);
  rendezvous_ = std::move(*opened);
}

void Process::open_control() {
  auto opened = ControlSocket::open(loop_, paths_.control(), [this] { return status(); });
  if (!opened) return logger_->error("Control socket: " + opened.error().message);
  control_ = std::move(*opened);
}

// ---- the turn of the loop ----------------------------------------------------------------------------------------------

void Process::handle(const Event& event) {
  postponed_.push_back(event);
  work_off();
}

void Process::on_deadline() {
  turn(engine_.on_deadline(now()));
  work_off();
}

/// An effect may make the next event: it waits until all effects of this one are carried out.
void Process::work_off() {
  if (performing_) return;
  while (!postponed_.empty()) {
    const Event event = std::move(postponed_.front());
    postponed_.pop_front();
    turn(engine_.handle(event, now()));
  }
}

void Process::turn(const Effects& effects) {
  performing_ = true;
  tell_about_children();
  for (const Effect& effect : effects) {
    std::visit([this](const auto& e) { perform(e); }, effect);
  }
  performing_ = false;
  timer_.arm(engine_.next_deadline());
}

void Process::perform(const Log& effect) {
  logger_->log(level_of(effect.level), effect.text);
}

void Process::perform(const StartupComplete&) {
  service_.ready(getpid());
  start_report_.tell(0);
}

void Process::perform(const Signal& effect) {
  if (effect.pid > 0) kill(effect.pid, effect.signal);
}

void Process::perform(const RemoveAddresses& effect) {
  tell({last_will_news(effect, wall_clock_us())});
  executor_->remove(effect, [this](std::string text) { logger_->error(std::move(text)); });
}

void Process::perform(const StartListening& effect) {
  const TakeoverHeard heard{effect.role, effect.key};
  const Status opened = executor_->listen(effect.key, effect.ear, [this, heard] { handle(heard); });
  if (!opened) handle(ListeningFailed{effect.role, effect.key, opened.error().message});
}

void Process::perform(const StopListening& effect) {
  for (const std::string& key : effect.keys) executor_->stop_listening(key);
}

void Process::perform(const Finish& effect) {
  finish(effect.exit_code);
}

// ---- what operators see ------------------------------------------------------------------------------------------------

proto::DaemonStatus Process::status() const {
  const std::optional<KernelAddresses> kernel = kernel_addresses();
  return status_of({running_.config,
                    options_.use_file,
                    engine_,
                    records_.store(),
                    lateness_,
                    began_at_,
                    kernel,
                    getpid(),
                    started_at_,
                    {now(), wall_clock_us()}});
}

void Process::tell(const std::vector<proto::Happening>& events) {
  if (!control_) return;
  for (const proto::Happening& event : events) control_->publish(event);
}

void Process::tell_about_children() {
  tell(child_news_.compare(engine_, wall_clock_us()));
}

// ---- signals -----------------------------------------------------------------------------------------------------------

void Process::on_signal(int signal) {
  if (signal == SIGCHLD) return reap();
  if (signal == SIGHUP) return reload();
  if (signal == SIGTERM || (signal == SIGINT && !options_.ignore_sigint)) return stop();
  if (signal == SIGUSR1) return ask_for_dumps(proto::Dump::DATA);
  if (signal == SIGUSR2) return ask_for_dumps(proto::Dump::STATS);
  if (signal == SIGRTMAX - 1) return ask_for_dumps(proto::Dump::STATS_CLEAR);
  if (signal == SIGRTMIN + 2) return ask_for_dumps(proto::Dump::JSON);
}

void Process::reap() {
  for (const Exit& exit : reap_children()) {
    if (scripts_.on_exit(exit) || mail_.on_exit(exit)) continue;
    for (const Role role : {Role::Vrrp, Role::Checker}) {
      if (engine_.child(role).pid() != exit.pid || !engine_.child(role).alive()) continue;
      // Its last words are still in the socket.
      if (ports_[index(role)]) ports_[index(role)]->drain();
      handle(Exited{role, exit.pid, exit.signalled, exit.status, false});
      break;
    }
  }
}

void Process::ask_for_dumps(proto::Dump::Kind kind) {
  if (kind == proto::Dump::DATA) dump_own_data();
  proto::Envelope envelope;
  envelope.mutable_dump()->set_kind(kind);
  for (const Role role : {Role::Vrrp, Role::Checker}) send(role, envelope);
}

void Process::dump_own_data() {
  logger_->info(fmt::format("Printing parent data for process({}) on signal", getpid()));
  const std::string path =
      dump_path(DumpFile::ParentData, running_.config.global_defs.daemon.dumps, paths_.name_suffix);
  const Status written = write_dump_file(path, parent_data_text(running_.config, engine_, options_.net_namespace));
  if (!written) logger_->error("Dump: " + written.error().message);
}

void Process::stop() {
  if (stopping_) return;
  stopping_ = true;
  logger_->info("Stopping");
  service_.stopping();
  scripts_.stop();
  handle(StopRequested{});
}

void Process::finish(int exit_code) {
  exit_code_ = exit_code;
  for (NotifyPipe* pipe : {&everything_, &of_vrrp_, &of_checker_}) pipe->close();
  if (exit_code != 0) service_.error(exit_code);
  const auto& shutdown = running_.config.global_defs.shutdown_script;
  const auto end = [this] {
    records_.remove_file();
    logger_->info(fmt::format("Stopped {}", version_text()));
    logger_->flush();
    loop_.stop();
  };
  // The mails of the stop itself: they may still go, for a moment.
  const auto leave = [this, end] {
    if (mail_.outbox().empty()) return end();
    mail_.finish(kLastMailsWait, end);
  };
  if (shutdown.empty()) return leave();
  logger_->info("Running shutdown script " + shutdown.argv.front());
  scripts_.run_own(shutdown, running_.config.global_defs.shutdown_script_timeout, [leave](ScriptEnd) { leave(); });
}

}  // namespace holdfast::watchdog
