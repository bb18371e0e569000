// The watchdog process: joins the engine to the configuration, the children's links, signals, pid files, scripts and logs.
// Started by main through main_program.h; everything it decides about children is decided in logic/.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/log/logger.h"
#include "core/mail/io/post_office.h"
#include "core/runtime/daemonize.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/file_lock.h"
#include "core/runtime/signals.h"
#include "core/runtime/systemd.h"
#include "core/watchdog/child_port.h"
#include "core/watchdog/command_line.h"
#include "core/watchdog/configuration.h"
#include "core/watchdog/io/control_socket.h"
#include "core/watchdog/io/executor.h"
#include "core/watchdog/io/init_files.h"
#include "core/watchdog/io/notify_pipe.h"
#include "core/watchdog/io/process_watch.h"
#include "core/watchdog/io/rendezvous.h"
#include "core/watchdog/io/script_host.h"
#include "core/watchdog/logic/engine.h"
#include "core/watchdog/news.h"
#include "core/watchdog/paths.h"
#include "core/watchdog/record_keeper.h"
#include "core/watchdog/timed_reload.h"

namespace holdfast::watchdog {

struct ProcessParts {
  CommandLine options;
  Paths paths;
  Configuration configuration;
  std::unique_ptr<SinkLogger> logger;
  PidFile pid_file;
  StartReport start_report;
  ExecutorFactory make_executor;
};

class Process {
 public:
  explicit Process(ProcessParts parts);
  /// Until everything is undone; gives the exit code of the daemon.
  int run();

 private:
  void begin();
  void open_rendezvous();
  void open_control();

  // the engine and its effects
  void handle(const Event& event);
  void on_deadline();
  void work_off();
  void turn(const Effects& effects);
  void perform(const Spawn& effect);
  void perform(const SendBeginning& effect);
  void perform(const SendAdopt& effect);
  void perform(const SendPrepare& effect);
  void perform(const SendCommit& effect);
  void perform(const SendAbandon& effect);
  void perform(const SendPing& effect);
  void perform(const SendStop& effect);
  void perform(const Signal& effect);
  void perform(const RemoveAddresses& effect);
  void perform(const StartListening& effect);
  void perform(const StopListening& effect);
  void perform(const Log& effect);
  void perform(const StartupComplete& effect);
  void perform(const ReloadCommitted& effect);
  void perform(const ReloadFinished& effect);
  void perform(const Finish& effect);

  // children
  void link_up(Role role, UniqueFd socket);
  ChildPort::Callbacks port_callbacks(Role role);
  void on_child_event(Role role, const Event& event);
  void on_adopted_end(pid_t pid);
  bool on_orphan(const proto::Hello& hello, pid_t pid, UniqueFd socket);
  void send(Role role, const proto::Envelope& envelope);
  void on_records(Role role, const proto::RecordChanges& changes);
  void tell_checker_of_instances();
  void init_files(const std::vector<config::TrackFile>& files, Overwriting overwriting);
  void configure_pipes();

  // what operators see
  proto::DaemonStatus status() const;
  void tell(const std::vector<proto::Happening>& events);
  void tell_about_children();
  bool watched() const { return control_ && control_->watched(); }

  // signals
  void on_signal(int signal);
  void reap();
  void reload();
  /// Reads the files again, with reload_file while it does.
  Configuration read_again();
  bool acceptable(const Configuration& offered);
  void stop();
  void ask_for_dumps(proto::Dump::Kind kind);
  void dump_own_data();
  void finish(int exit_code);

  // config_save_dir
  void save_read(Configuration& configuration);
  void save_states(const std::string& directory, bool after);
  void on_dump(Role role, const proto::DumpText& dump);

  EventLoop loop_;
  CommandLine options_;
  Paths paths_;
  std::unique_ptr<SinkLogger> logger_;
  PidFile pid_file_;
  StartReport start_report_;
  std::unique_ptr<Executor> executor_;
  ServiceManager service_;

  /// In force, and the one a reload has offered.
  Configuration running_;
  std::optional<Configuration> offered_;
  std::uint64_t last_generation_ = 1;
  bool reload_again_ = false;
  unsigned readings_ = 0;                           ///< of the files, after the first
  std::map<std::string, std::string> saves_asked_;  ///< name to path, of the children's states

  Engine engine_;
  DeadlineTimer timer_;
  SignalWatch signals_;
  ScriptHost scripts_;
  NotifyPipe everything_, of_vrrp_, of_checker_;  ///< notify_fifo, vrrp_notify_fifo, lvs_notify_fifo
  mail::PostOffice mail_;
  ProcessWatch adopted_;
  std::unique_ptr<Rendezvous> rendezvous_;
  std::unique_ptr<ControlSocket> control_;
  ChildNews child_news_;
  TimePoint started_at_;
  std::array<std::optional<TimePoint>, 2> began_at_;  // of adopted children
  std::string cookie_;
  RecordKeeper records_;
  std::array<std::unique_ptr<ChildPort>, 2> ports_;
  std::array<proto::Lateness, 2> lateness_;
  std::array<unsigned, 2> links_{};  ///< how many links there were; what comes from an older one is void
  std::vector<std::unique_ptr<ChildPort>> retired_;  ///< destroyed outside their own callbacks, by burial_
  DeadlineTimer burial_;
  TimedReload timed_reload_;
  std::deque<Event> postponed_;  ///< happened while effects were carried out
  bool performing_ = false;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace holdfast::watchdog
