// Runs scripts for children: only command lines that stand in the configuration, as the user it names. A child can choose
// among them, never bring its own.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/script_runner.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

class ScriptHost {
 public:
  using Log = std::function<void(std::string)>;

  ScriptHost(EventLoop& loop, Log log) : runner_(loop), log_(std::move(log)) {}

  /// Adds the command lines of a configuration; those of earlier ones stay until keep_only(), so that what a reload removes
  /// can still say goodbye.
  void allow(const config::Config& config);
  void keep_only(const config::Config& config);

  /// `answer` is called once, later, if the request wants a result.
  void run(const proto::RunScript& request, std::function<void(proto::ScriptResult)> answer);
  /// startup_script and shutdown_script; `done` gets what ScriptRunner says.
  void run_own(const config::ScriptCommand& command, Duration timeout, ScriptRunner::Callback done);

  /// notify_fifo_script: `path` is its last argument; it ends with core, whatever ends core.
  ScriptRunner::Id run_reader(const config::ScriptCommand& command, const std::string& path,
                              ScriptRunner::Callback done);
  void cancel(ScriptRunner::Id id) { runner_.cancel(id); }
  /// As whom a command line runs.
  Result<Credentials> credentials_of(const config::ScriptCommand& command) const;

  bool on_exit(const Exit& exit) { return runner_.on_exit(exit); }
  /// The daemon stops: checks are ended, notify scripts that run are left to finish.
  void stop();
  std::size_t running() const { return runner_.running(); }

 private:
  using Key = std::vector<std::string>;  // user, group, argv…
  static Key key_of(const config::ScriptCommand& command);
  void collect(const config::Config& config);
  /// The path of a program, found in PATH where it has none, its links followed with `use_symlink_paths false`.
  std::string program(const std::string& word) const;

  ScriptRunner runner_;
  Log log_;
  std::set<Key> allowed_;
  std::string default_user_, default_group_;
  bool all_groups_ = false;      ///< set_supplementary_groups
  bool resolves_links_ = false;  ///< use_symlink_paths false
  std::set<ScriptRunner::Id> checks_;
};

}  // namespace holdfast::watchdog
