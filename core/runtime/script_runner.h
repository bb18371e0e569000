// Runs the command lines of the configuration for core: one process group each, no terminal, no inherited descriptor, a
// timeout. Runs with the same queue key follow one another strictly in the order of start(). Which command lines may run,
// and as whom, is decided by the caller. The caller reaps children and hands every Exit to on_exit().
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/runtime/child_process.h"
#include "core/runtime/event_loop.h"

namespace holdfast {

struct ScriptRun {
  std::vector<std::string> argv;           ///< argv[0] is the path of the program
  std::optional<Credentials> credentials;  ///< unset = as core
  std::vector<std::string> environment;    ///< NOTIFY_SOCKET is taken out of it
  Duration timeout = Duration::zero();     ///< SIGTERM after this, SIGKILL 2 s later; 0 = none
  std::string queue;                       ///< "" = no order
  bool ends_with_core = false;             ///< SIGTERM when core is gone, whatever ended it
};

enum class ScriptOutcome : std::uint8_t { Exited, Signalled, TimedOut, NotStarted };
struct ScriptEnd {
  ScriptOutcome outcome = ScriptOutcome::Exited;
  int status = 0;  ///< exit status, signal number, or errno; for TimedOut whatever SIGTERM made it end with
  bool operator==(const ScriptEnd&) const = default;
};

class ScriptRunner {
 public:
  using Id = std::uint64_t;
  using Callback = std::function<void(ScriptEnd)>;

  explicit ScriptRunner(EventLoop& loop);
  /// Forgets, without killing and without calling back.
  ~ScriptRunner();
  ScriptRunner(const ScriptRunner&) = delete;
  ScriptRunner& operator=(const ScriptRunner&) = delete;

  /// The callback comes exactly once, never from inside start(), and may start further scripts.
  Id start(ScriptRun run, Callback callback);
  /// TERM now and KILL 2 s later to the group, or out of the queue if it has not begun (then NotStarted, ECANCELED).
  void cancel(Id id);
  /// True when the child was one of ours.
  bool on_exit(const Exit& exit);
  /// Drops what waits (no callbacks come any more); with `terminate_running` the running ones get TERM, and KILL 2 s later
  /// as long as the loop runs. Running notify scripts of a stopping daemon are left to finish with false.
  void stop(bool terminate_running);

  std::size_t running() const { return running_.size(); }
  std::size_t waiting() const;

 private:
  struct Job {
    Id id = 0;
    ScriptRun run;
    Callback callback;
  };
  struct Running {
    Job job;
    bool timed_out = false;
    std::optional<TimePoint> terminate_at;
    std::optional<TimePoint> kill_at;
  };

  void launch(Job job);
  void launch_next(const std::string& queue);
  void fail_later(Job job, int error);
  void terminate(pid_t group, Running& running);
  void on_deadline();
  void arm();

  EventLoop& loop_;
  DeadlineTimer timer_;
  Id last_id_ = 0;
  std::map<pid_t, Running> running_;
  std::map<pid_t, TimePoint> leftover_groups_;     // groups whose leader ended after TERM: KILL what is left of them
  std::map<std::string, std::deque<Job>> queues_;  // front = runs now
  std::vector<std::pair<Job, int>> failed_;
  std::optional<TimePoint> failed_due_;
};

}  // namespace holdfast
