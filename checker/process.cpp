#include "checker/process.h"

#include <algorithm>
#include <csignal>
#include <deque>
#include <fmt/format.h>
#include <malloc.h>
#include <map>
#include <memory>
#include <optional>
#include <syslog.h>
#include <unistd.h>

#include "checker/dump.h"
#include "checker/logic/engine.h"
#include "checker/logic/wake_grid.h"
#include "checker/mark_keeper.h"
#include "checker/table_keeper.h"
#include "checker/wire.h"
#include "core/base/lateness.h"
#include "core/ipc/candidate.h"
#include "core/ipc/child_link.h"
#include "core/ipc/dumps.h"
#include "core/runtime/background.h"
#include "core/runtime/clock.h"
#include "core/runtime/confinement.h"
#include "core/runtime/file_lock.h"
#include "core/runtime/process_name.h"
#include "core/runtime/signals.h"

namespace holdfast::checker {
namespace {

/// Checks in flight at one time: a server that drops packets holds one for its whole timeout.
constexpr std::size_t kDescriptors = 262'144;

class Process {
 public:
  Process(UniqueFd link, const PortsFactory& make_ports);
  int run();

 private:
  ChildLink::Callbacks callbacks();
  MarkKeeper::Callbacks mark_callbacks();
  void configure(const proto::Configure& message);
  void start();
  void prepare(const proto::Prepare& message);
  void commit(std::uint64_t generation);
  void apply_configuration(const Candidate& candidate, const Difference& difference, const Past& past);
  void dispose(std::shared_ptr<const config::Config> spent);
  void stop();
  void dump(const proto::Dump& request);
  void hear_of_instances(const proto::VrrpEvents& events);

  void on_event(const Event& event);
  void on_deadline();
  void turn(const Effects& effects);
  void perform(const Effects& effects);
  void perform_one(const Effect& effect);
  void remember_one(const Effect& effect);
  void run_check_script(const RunCheckScript& script);
  void run_notify_script(const RunNotifyScript& script);
  void arm();
  void settle(const config::GlobalDefs& globals, const proto::Settings& settings);
  Status place_ipvs(const config::DaemonSettings& daemon);
  void report(const Status& status, const std::string& what);

  EventLoop loop_;
  Ports ports_;
  Engine engine_;
  Lateness lateness_;
  DeadlineTimer timer_;
  SignalWatch signals_;
  ChildLink link_;
  Candidates candidates_{loop_, link_};
  Dumps dumps_{loop_, link_};
  MarkKeeper marks_;
  TableKeeper table_;
  Background disposing_{loop_};
  std::optional<PidFile> pid_file_;
  /// What the waiting candidate changes, computed beside the loop.
  std::shared_ptr<Difference> difference_;
  Past past_;
  bool keep_services_ = false;
  std::string mark_owner_;
  bool marks_refused_ = false;  ///< the engine does not know yet
  bool performing_ = false;
  bool started_ = false;
  std::deque<Event> postponed_;
  std::map<std::uint64_t, std::uint64_t> running_scripts_;  ///< id on the link → check
  /// Its own range for each process: an answer meant for a predecessor is recognised as not ours.
  std::uint64_t last_script_id_ = static_cast<std::uint64_t>(getpid()) << 32;
};

Process::Process(UniqueFd link, const PortsFactory& make_ports)
    : ports_(make_ports(loop_, [this](const Event& event) { on_event(event); })),
      timer_(loop_, [this] { on_deadline(); }),
      signals_(loop_, {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2},
               [this](int signal) {
                 if (signal == SIGTERM) stop();
                 if (signal == SIGUSR1) dump({});  // DATA
               }),
      link_(loop_, std::move(link), proto::ROLE_CHECKER, callbacks()),
      marks_(*ports_.marks, mark_callbacks()),
      table_(loop_, *ports_.ipvs, *ports_.ipvs_reader,
             {[this](int priority, std::string text) { link_.log(priority, std::move(text)); },
              [this] {
                link_.flush();
                arm();
              },
              [this] { marks_.stand(); }, [this] { marks_.look(); }}) {}

int Process::run() {
  loop_.run();
  return 0;
}

ChildLink::Callbacks Process::callbacks() {
  ChildLink::Callbacks c;
  c.on_configure = [this](const proto::Configure& message) { configure(message); };
  c.on_past = [this](const proto::Records& records) {
    std::vector<std::string> dropped;
    past_ = past_from_wire(records, dropped);
    for (std::string& line : dropped) link_.log(LOG_WARNING, std::move(line));
  };
  c.on_start = [this] { start(); };
  c.on_prepare = [this](const proto::Prepare& message) { prepare(message); };
  c.on_commit = [this](std::uint64_t generation) { commit(generation); };
  c.on_abandon = [this](std::uint64_t) { candidates_.abandon(); };
  c.on_script_result = [this](const proto::ScriptResult& result) {
    const auto script = running_scripts_.extract(result.id());
    if (!script) return;
    on_event(ScriptFinished{script.mapped(), static_cast<ScriptOutcome>(result.outcome()), result.status()});
  };
  c.on_dump = [this](const proto::Dump& request) { dump(request); };
  c.on_vrrp_events = [this](const proto::VrrpEvents& events) { hear_of_instances(events); };
  c.on_stop = [this] { stop(); };
  c.lateness = [this] { return lateness_; };
  c.on_orphaned_too_long = [this] {
    link_.log(LOG_WARNING, "No core has come back: leaving in order");
    stop();
  };
  return c;
}

MarkKeeper::Callbacks Process::mark_callbacks() {
  return {[this](int priority, std::string text) {
            link_.log(priority, std::move(text));
            link_.flush();
          },
          [this] {  // maybe out of the middle of a turn
            marks_refused_ = true;
            arm();
          }};
}

void Process::report(const Status& status, const std::string& what) {
  if (!status) link_.log(LOG_WARNING, what + ": " + status.error().message);
}

// ---- configuration -----------------------------------------------------------------------------------------------------

void Process::configure(const proto::Configure& message) {
  candidates_.configure(message);
  keep_services_ = message.settings().keep_services();
  mark_owner_ = message.settings().pid_file();
  settle(candidates_.waiting()->config->global_defs, message.settings());
}

void Process::settle(const config::GlobalDefs& globals, const proto::Settings& settings) {
  if (!settings.pid_file().empty()) {
    auto pid_file = PidFile::acquire(settings.pid_file());
    if (pid_file)
      pid_file_.emplace(std::move(*pid_file));
    else
      link_.log(LOG_WARNING, "pid file: " + pid_file.error().message);
  }
  name_process(globals.daemon.names.of_checker());
  if (const Status placed = place_ipvs(globals.daemon); !placed) link_.log(LOG_ERR, placed.error().message);
  const Scheduling scheduling{globals.checker_no_swap, globals.checker_priority, globals.checker_rt_priority,
                              globals.checker_rlimit_rttime, globals.checker_cpu_affinity};
  for (std::string& complaint :
       settle_in("checker", scheduling, {Capability::NetAdmin, Capability::NetRaw, Capability::NetBindService}))
    link_.log(LOG_WARNING, std::move(complaint));
}

/// Before the rights for it are given up.
Status Process::place_ipvs(const config::DaemonSettings& daemon) {
  return daemon.net_namespace_ipvs.empty() || !ports_.move_ipvs ? success()
                                                                : ports_.move_ipvs(daemon.net_namespace_ipvs);
}

void Process::start() {
  if (started_) return;
  const auto candidate = candidates_.take();
  if (!candidate) return;
  started_ = true;
  std::set<ipvs::ServiceKey> inherited;
  for (const ServiceRecord& record : past_.services) inherited.insert(record.keys.begin(), record.keys.end());
  marks_.begin(mark_owner_, std::ranges::any_of(past_.services, [](const ServiceRecord& r) { return r.mark != 0; }));
  const bool first_start = past_.empty();
  table_.begin(inherited, first_start && candidate->config->global_defs.lvs_flush, now());
  apply_configuration(*candidate, compare({}, *candidate->config), past_);
  past_ = {};
  dispose({});
}

/// Beside the loop: reading and comparing 37 000 servers must not delay a check.
void Process::prepare(const proto::Prepare& message) {
  difference_ = std::make_shared<Difference>();
  candidates_.prepare(message, [running = engine_.configuration(), difference = difference_](
                                   const config::Config& next) { *difference = compare(*running, next); });
}

void Process::commit(std::uint64_t generation) {
  const auto candidate = candidates_.take(generation);
  if (!candidate || !difference_) return;
  link_.log(LOG_INFO, "Reloading");
  auto spent = engine_.configuration();
  apply_configuration(*candidate, *difference_, {});
  difference_.reset();
  dispose(std::move(spent));
}

/// Beside the loop: half a million blocks of memory are freed, and what reading a configuration took goes back to the kernel.
void Process::dispose(std::shared_ptr<const config::Config> spent) {
  if (disposing_.busy()) return;
  disposing_.run(
      [last = std::make_shared<std::shared_ptr<const config::Config>>(std::move(spent))] {
        last->reset();
        malloc_trim(0);
      },
      [] {});
}

void Process::apply_configuration(const Candidate& candidate, const Difference& difference, const Past& past) {
  const config::Config& config = *candidate.config;
  name_process(config.global_defs.daemon.names.of_checker());
  link_.set_grace(config.global_defs.orphan_grace);
  report(ports_.probes->use_certificates(config.tls_client), "SSL");
  // Facts first: which addresses are here is told to the engine before it suspends anybody.
  const bool suspends = std::ranges::any_of(config.virtual_servers, &config::VirtualServer::ha_suspend);
  if (ports_.size_buffers) ports_.size_buffers(config.global_defs.daemon);
  if (suspends) report(ports_.addresses->start(), "ha_suspend");
  table_.configure(config.global_defs, now());
  turn(engine_.reconfigure(candidate.config, difference, past, now()));
  link_.set_generation(candidate.generation, candidate.digest);
  link_.ready(candidate.generation);
}

void Process::stop() {
  marks_.finish(keep_services_);
  turn(engine_.stop(keep_services_));
  const auto flush = engine_.configuration()->global_defs.lvs_flush_on_stop;
  table_.finish(keep_services_ ? config::LvsFlushOnStop::Off : flush);
  timer_.arm(std::nullopt);
  link_.stopped();
  loop_.stop();
}

void Process::hear_of_instances(const proto::VrrpEvents& events) {
  for (const proto::VrrpInstanceEvent& event : events.instances()) {
    on_event(InstanceChanged{event.instance(), event.active(), static_cast<std::uint8_t>(event.virtual_router_id())});
  }
}

/// Beside the loop, like all that grows with the configuration. There are no statistics and there is no JSON of the checker.
void Process::dump(const proto::Dump& request) {
  if (request.kind() != proto::Dump::DATA || dumps_.wanted(request)) return;
  if (request.save_as().empty()) {
    link_.log(LOG_INFO, fmt::format("Printing checker data for process({}) on signal", getpid()));
    link_.flush();
  }
  const auto view = std::make_shared<const EngineView>(engine_.view());
  const DumpTime time{now(), wall_clock_us()};
  dumps_.want(request, [view, time, config = engine_.configuration()] { return data_text(*config, *view, time); });
}

// ---- the turn of the loop ----------------------------------------------------------------------------------------------

void Process::on_event(const Event& event) {
  if (performing_) return postponed_.push_back(event);
  turn(engine_.handle(event, now()));
}

void Process::on_deadline() {
  const TimePoint at = now();
  if (const auto due = engine_.next_deadline()) {
    const TimePoint wake_up = wake_up_for(*due);
    lateness_.add(at > wake_up ? at - wake_up : Duration::zero());
  }
  if (const auto due = table_.next_deadline(); due && at >= *due) table_.on_deadline(at);
  if (std::exchange(marks_refused_, false)) turn(engine_.handle(MarksRefused{}, at));
  turn(engine_.on_deadline(at));
}

void Process::turn(const Effects& effects) {
  performing_ = true;
  perform(effects);
  while (!postponed_.empty()) {
    const Effects more = engine_.handle(postponed_.front(), now());
    postponed_.pop_front();
    perform(more);
  }
  performing_ = false;
  if (started_) table_.settle(now());
  link_.flush();
  arm();
}

void Process::arm() {
  std::optional<TimePoint> due = engine_.next_deadline();
  const auto compare_at = table_.next_deadline();
  if (compare_at && (!due || *compare_at < *due)) due = compare_at;
  if (marks_refused_) due = TimePoint{};
  timer_.arm(due ? std::optional(wake_up_for(*due)) : std::nullopt);
}

void Process::perform(const Effects& effects) {
  // Core knows first: whoever is killed between two of these effects is succeeded by one who knows what was decided.
  for (const Effect& effect : effects) remember_one(effect);
  link_.flush();
  for (const Effect& effect : effects) perform_one(effect);
}

void Process::perform_one(const Effect& effect) {
  if (const auto* probe = std::get_if<StartProbe>(&effect)) return ports_.probes->start(probe->id, probe->spec);
  if (const auto* cancel = std::get_if<CancelProbe>(&effect)) return ports_.probes->cancel(cancel->id);
  if (const auto* set = std::get_if<SetService>(&effect)) return table_.set(set->key, set->service);
  if (const auto* remove = std::get_if<RemoveService>(&effect)) return table_.remove(remove->key);
  if (const auto* marks = std::get_if<SetMarks>(&effect)) return marks_.want(marks->plan);
  if (const auto* script = std::get_if<RunCheckScript>(&effect)) return run_check_script(*script);
  if (const auto* notify = std::get_if<RunNotifyScript>(&effect)) return run_notify_script(*notify);
  if (const auto* line = std::get_if<TellFifo>(&effect)) return link_.notify(line->subject, line->line);
  if (const auto* alert = std::get_if<SendAlert>(&effect)) return link_.alert(alert->subject, alert->body);
  if (const auto* watch = std::get_if<WatchFile>(&effect)) return report(ports_.files->watch(watch->path), watch->path);
  if (const auto* unwatch = std::get_if<UnwatchFile>(&effect)) return ports_.files->unwatch(unwatch->path);
  if (const auto* daemons = std::get_if<SetSyncDaemons>(&effect)) return table_.set_sync_daemons(daemons->daemons);
  if (const auto* log = std::get_if<Log>(&effect)) {
    const int priority = log->level == LogLevel::Error     ? LOG_ERR
                         : log->level == LogLevel::Warning ? LOG_WARNING
                                                           : LOG_INFO;
    link_.log(priority, log->text);
  }
}

void Process::remember_one(const Effect& effect) {
  if (const auto* server = std::get_if<RememberServer>(&effect)) {
    const ServerRecord& record = server->record;
    return link_.upsert_record(server_record_key(record.service, record.server), to_wire(record).SerializeAsString());
  }
  if (const auto* service = std::get_if<RememberService>(&effect)) {
    const ServiceRecord& record = service->record;
    return link_.upsert_record(service_record_key(record.service), to_wire(record).SerializeAsString());
  }
  if (const auto* server = std::get_if<ForgetServer>(&effect))
    return link_.erase_record(server_record_key(server->service, server->server));
  if (const auto* service = std::get_if<ForgetService>(&effect))
    return link_.erase_record(service_record_key(service->service));
}

void Process::run_check_script(const RunCheckScript& script) {
  proto::RunScript request = script_request(++last_script_id_, script.command);
  request.set_timeout_us(script.timeout.count());
  request.set_wants_result(true);
  running_scripts_[last_script_id_] = script.id;
  link_.run_script(std::move(request));
}

void Process::run_notify_script(const RunNotifyScript& script) {
  proto::RunScript request = script_request(++last_script_id_, script.command);
  request.set_queue(script.queue);
  link_.run_script(std::move(request));
}

}  // namespace

int run(UniqueFd link, const PortsFactory& make_ports) {
  name_process("keepalived");
  tzset();  // a dump shows local times
  ignore_sigpipe();
  allow_descriptors(kDescriptors);
  return Process(std::move(link), make_ports).run();
}

}  // namespace holdfast::checker
