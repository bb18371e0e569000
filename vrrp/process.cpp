#include "vrrp/process.h"

#include <csignal>
#include <ctime>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <syslog.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/lateness.h"
#include "core/ipc/candidate.h"
#include "core/ipc/child_link.h"
#include "core/ipc/dumps.h"
#include "core/runtime/background.h"
#include "core/runtime/clock.h"
#include "core/runtime/confinement.h"
#include "core/runtime/file_lock.h"
#include "core/runtime/heap_trim.h"
#include "core/runtime/process_name.h"
#include "core/runtime/scheduling.h"
#include "core/runtime/signals.h"
#include "vrrp/auto_priority.h"
#include "vrrp/dump.h"
#include "vrrp/igmp_silence.h"
#include "vrrp/logic/advert_builder.h"
#include "vrrp/logic/engine.h"
#include "vrrp/port_effects.h"
#include "vrrp/record_keeper.h"
#include "vrrp/wire.h"

namespace holdfast::vrrp {
namespace {

/// Adverts that wait to be read are proof of life: who comes this late to its timers reads them first, so that it buries nobody
/// who is alive.
constexpr Duration kCatchUpAfter = milliseconds(1);

/// As in keepalived's log line.
const char* dump_word(proto::Dump::Kind kind) {
  switch (kind) {
    case proto::Dump::DATA:
      return "data";
    case proto::Dump::JSON:
      return "as json";
    default:
      return "stats";
  }
}

class Process {
 public:
  Process(UniqueFd link, const PortsFactory& make_ports);
  int run();

 private:
  ChildLink::Callbacks callbacks();
  void configure(const proto::Configure& message);
  void start();
  void commit(std::uint64_t generation);
  void stop();
  void size_buffers(const config::GlobalDefs& globals);
  void dump(proto::Dump::Kind kind);
  void dump(const proto::Dump& request);
  void on_signal(int signal);

  TimePoint tick();
  void on_event(const Event& event);
  void on_deadline();
  void turn(Effects effects);
  void perform(Effects& effects);
  template <class T, class Send>
  std::size_t batch(Effects& effects, std::size_t from, Send send);
  void perform_one(const Effect& effect);
  void run_track_script(const RunTrackScript& script);
  void run_notify_script(const RunNotifyScript& script);
  void settle(const config::GlobalDefs& globals, const proto::Settings& settings);
  void report(const Status& status, const char* what);

  EventLoop loop_;
  Ports ports_;
  Engine engine_;
  Lateness lateness_;
  AutoPriority auto_priority_;
  Duration rlimit_rttime_{};
  DeadlineTimer timer_;
  SignalWatch signals_;
  ChildLink link_;
  std::optional<PidFile> pid_file_;
  Candidates candidates_{loop_, link_};
  Dumps dumps_{loop_, link_};
  RecordKeeper records_{link_};
  IgmpSilence igmp_;
  HeapTrim heap_{loop_};
  Past past_;
  bool log_detail_ = false;
  bool keep_vips_ = false;
  bool performing_ = false;
  bool started_ = false;
  bool stopping_ = false;
  std::deque<Event> postponed_;
  std::map<std::uint64_t, std::string> running_scripts_;
  /// Its own range for each process: an answer meant for a predecessor is recognised as not ours.
  std::uint64_t last_script_id_ = static_cast<std::uint64_t>(getpid()) << 32;
};

Process::Process(UniqueFd link, const PortsFactory& make_ports)
    : ports_(make_ports(loop_, [this](const Event& event) { on_event(event); })),
      timer_(loop_, [this] { on_deadline(); }),
      signals_(loop_, {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU}, [this](int signal) { on_signal(signal); }),
      link_(loop_, std::move(link), proto::ROLE_VRRP, callbacks()) {}

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
    for (const std::string& line : dropped) link_.log(LOG_WARNING, line);
  };
  c.on_start = [this] { start(); };
  c.on_prepare = [this](const proto::Prepare& message) { candidates_.prepare(message); };
  c.on_commit = [this](std::uint64_t generation) { commit(generation); };
  c.on_abandon = [this](std::uint64_t) { candidates_.abandon(); };
  c.on_script_result = [this](const proto::ScriptResult& result) {
    const auto script = running_scripts_.extract(result.id());
    if (!script) return;
    on_event(ScriptFinished{script.mapped(), static_cast<ScriptOutcome>(result.outcome()), result.status()});
  };
  c.on_dump = [this](const proto::Dump& request) { dump(request); };
  c.on_stop = [this] { stop(); };
  c.on_adopted = [this] {
    if (!stopping_) records_.say_again(engine_.records());
    heap_.later();
  };
  c.lateness = [this] { return lateness_; };
  c.on_orphaned_too_long = [this] {
    link_.log(LOG_WARNING, "No core has come back: leaving in order");
    stop();
  };
  return c;
}

void Process::report(const Status& status, const char* what) {
  if (!status) link_.log(LOG_WARNING, std::string(what) + ": " + status.error().message);
}

// ---- configuration -----------------------------------------------------------------------------------------------------

void Process::configure(const proto::Configure& message) {
  candidates_.configure(message);
  log_detail_ = message.settings().log_detail();
  keep_vips_ = message.settings().keep_vips();
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
  ports_.firewall->owned_by(settings.pid_file());
  std::vector<Capability> kept{Capability::NetAdmin, Capability::NetRaw};
  if (globals.max_auto_priority.value_or(0) > 0) kept.push_back(Capability::SysNice);
  auto_priority_ = AutoPriority(globals.vrrp_rt_priority.value_or(0), globals.max_auto_priority.value_or(0),
                                globals.min_auto_priority_delay);
  rlimit_rttime_ = globals.vrrp_rlimit_rttime;
  name_process(globals.daemon.names.of_vrrp());
  const Scheduling scheduling{globals.vrrp_no_swap, globals.vrrp_priority, globals.vrrp_rt_priority,
                              globals.vrrp_rlimit_rttime, globals.vrrp_cpu_affinity};
  for (std::string& complaint : settle_in("vrrp", scheduling, std::move(kept)))
    link_.log(LOG_WARNING, std::move(complaint));
}

void Process::start() {
  if (started_) return;
  auto candidate = candidates_.take();
  if (!candidate) return;
  size_buffers(candidate->config->global_defs);
  igmp_.settle(candidate->config->global_defs.disable_local_igmp, past_.igmp_silenced, link_);
  // Facts first: what the kernel has is told to the engine before it decides anything.
  if (const Status status = ports_.links->start(); !status) {
    link_.log(LOG_ERR, "Cannot watch the kernel's links and addresses: " + status.error().message);
  }
  started_ = true;
  name_process(candidate->config->global_defs.daemon.names.of_vrrp());  // a reload may have come before
  link_.set_grace(candidate->config->global_defs.orphan_grace);
  prepare_to_send(candidate->config->vrrp_instances);
  turn(engine_.reconfigure(*candidate->config, past_, tick()));
  past_ = {};
  link_.set_generation(candidate->generation, candidate->digest);
  link_.ready(candidate->generation);
  candidate.reset();
  heap_.now_and_later();
}

void Process::commit(std::uint64_t generation) {
  auto candidate = candidates_.take(generation);
  if (!candidate) return;
  link_.set_grace(candidate->config->global_defs.orphan_grace);
  name_process(candidate->config->global_defs.daemon.names.of_vrrp());
  link_.log(LOG_INFO, "Reloading");
  size_buffers(candidate->config->global_defs);
  prepare_to_send(candidate->config->vrrp_instances);
  turn(engine_.reconfigure(*candidate->config, {}, tick()));
  link_.set_generation(generation, candidate->digest);
  link_.ready(generation);
  candidate.reset();
  heap_.now_and_later();
}

void Process::stop() {
  stopping_ = true;
  if (!started_) igmp_.settle(false, past_.igmp_silenced, link_);
  turn(engine_.stop(keep_vips_, tick()));
  ports_.addresses->finish();
  igmp_.restore(link_);
  timer_.arm(std::nullopt);
  link_.stopped();
  loop_.stop();
}

void Process::size_buffers(const config::GlobalDefs& globals) {
  ports_.links->size_buffer(globals.netlink_monitor);
  ports_.addresses->size_buffer(globals.netlink_commands);
}

void Process::dump(const proto::Dump& request) {
  const proto::Dump::Kind kind = request.kind();
  if (request.save_as().empty()) {
    link_.log(LOG_INFO, fmt::format("Printing VRRP {} for process({}) on signal", dump_word(kind), getpid()));
    link_.flush();
  }
  if (kind == proto::Dump::STATS || kind == proto::Dump::STATS_CLEAR) {
    dumps_.answer(request, engine_.statistics_text());
    if (kind == proto::Dump::STATS_CLEAR) engine_.clear_statistics();
    return;
  }
  if (dumps_.wanted(request)) return;
  const auto view = std::make_shared<const EngineView>(engine_.view());
  const DumpTime time{now(), wall_clock_us()};
  dumps_.want(request, [view, time, kind, lateness = lateness_] {
    return kind == proto::Dump::JSON ? json_text(*view, time) : data_text(*view, lateness, time);
  });
}

void Process::dump(proto::Dump::Kind kind) {
  proto::Dump request;
  request.set_kind(kind);
  dump(request);
}

void Process::on_signal(int signal) {
  switch (signal) {
    case SIGTERM:
      return stop();
    case SIGUSR1:
      return dump(proto::Dump::DATA);
    case SIGUSR2:
      return dump(proto::Dump::STATS);
    case SIGXCPU:
      link_.log(LOG_NOTICE, fmt::format("The VRRP process ran longer than {} us without a pause at real-time priority "
                                        "(vrrp_rlimit_rttime)",
                                        rlimit_rttime_.count()));
      return report(limit_realtime_burst(rlimit_rttime_), "vrrp_rlimit_rttime");
    default:
      return;  // SIGINT of a terminal reaches the whole group, SIGHUP is core's: both are core's business
  }
}

// ---- the turn of the loop ----------------------------------------------------------------------------------------------

/// The time for the engine, which learns how far UTC is from it.
TimePoint Process::tick() {
  const TimePoint at = now();
  engine_.set_utc_offset(Duration(wall_clock_us()) - (at - TimePoint{}));
  return at;
}

void Process::on_event(const Event& event) {
  // A port that answers while effects are being carried out is heard when they are done.
  if (performing_) {
    ASSERT(!std::holds_alternative<PacketReceived>(event));
    postponed_.push_back(event);
    return;
  }
  turn(engine_.handle(event, tick()));
}

void Process::on_deadline() {
  const TimePoint at = tick();
  const auto due = engine_.next_deadline();
  const Duration late = due && at > *due ? at - *due : Duration::zero();
  lateness_.add(late);
  if (late > kCatchUpAfter) ports_.adverts->catch_up();
  turn(engine_.on_deadline(late > kCatchUpAfter ? tick() : at));
  if (const auto priority = auto_priority_.after(late)) {
    report(set_realtime(*priority, rlimit_rttime_), "max_auto_priority");
    link_.log(LOG_INFO, "Raised the real-time priority to " + std::to_string(*priority) + ", a timer was " +
                            std::to_string(late.count()) + " us late");
  }
}

void Process::turn(Effects effects) {
  performing_ = true;
  perform(effects);
  while (!postponed_.empty()) {
    Effects more = engine_.handle(postponed_.front(), tick());
    postponed_.pop_front();
    perform(more);
  }
  performing_ = false;
  link_.flush();
  timer_.arm(engine_.next_deadline());
}

/// Gathers the run of effects of type T that begins at `from`, so that they leave in one system call.
template <class T, class Send>
std::size_t Process::batch(Effects& effects, std::size_t from, Send send) {
  std::vector<T> run;
  std::size_t at = from;
  while (at < effects.size() && std::holds_alternative<T>(effects[at])) ++at;
  run.reserve(at - from);
  for (std::size_t i = from; i < at; ++i) run.push_back(std::get<T>(std::move(effects[i])));
  send(run);
  return at;
}

void Process::perform(Effects& effects) {
  // Core knows first: whoever is killed between two of these effects is succeeded by one who knows what was decided.
  for (const Effect& effect : effects) records_.keep(effect);
  link_.flush();
  for (std::size_t at = 0; at < effects.size();) {
    if (std::holds_alternative<SendAdvert>(effects[at])) {
      at = batch<SendAdvert>(effects, at, [this](const auto& run) { ports_.adverts->send(run); });
    } else if (std::holds_alternative<SendGratuitousArp>(effects[at])) {
      at = batch<SendGratuitousArp>(effects, at, [this](const auto& run) { ports_.neighbours->send(run); });
    } else {
      perform_one(effects[at++]);
    }
  }
}

void Process::perform_one(const Effect& effect) {
  if (const auto* log = std::get_if<Log>(&effect)) {
    if (log->level == LogLevel::Detail && !log_detail_) return;
    const int priority = log->level == LogLevel::Error     ? LOG_ERR
                         : log->level == LogLevel::Warning ? LOG_WARNING
                                                           : LOG_INFO;
    return link_.log(priority, log->text);
  }
  if (const auto* script = std::get_if<RunTrackScript>(&effect)) return run_track_script(*script);
  if (const auto* notify = std::get_if<RunNotifyScript>(&effect)) return run_notify_script(*notify);
  if (const auto* line = std::get_if<TellFifo>(&effect)) return link_.notify(line->subject, line->line);
  if (const auto* alert = std::get_if<SendAlert>(&effect)) return link_.alert(alert->subject, alert->body);
  if (stopping_ && std::holds_alternative<RemoveFirewall>(effect)) ports_.addresses->finish();
  carry_out(effect, ports_, [this](const Status& status, const char* what) { report(status, what); });
}

void Process::run_track_script(const RunTrackScript& script) {
  proto::RunScript request = script_request(++last_script_id_, script.command);
  request.set_timeout_us(script.timeout.count());
  request.set_wants_result(true);
  running_scripts_[last_script_id_] = script.script;
  link_.run_script(std::move(request));
}

void Process::run_notify_script(const RunNotifyScript& script) {
  proto::RunScript request = script_request(++last_script_id_, script.command);
  for (const std::string& word : script.appended) request.add_appended(word);
  request.set_queue(script.queue);
  link_.run_script(std::move(request));
}

}  // namespace

int run(UniqueFd link, const PortsFactory& make_ports) {
  name_process("keepalived");
  tzset();  // a dump shows local times, and must not be what reads /etc/localtime for the first time
  ignore_sigpipe();
  return Process(std::move(link), make_ports).run();
}

}  // namespace holdfast::vrrp
