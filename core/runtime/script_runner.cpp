#include "core/runtime/script_runner.h"

#include <algorithm>
#include <cerrno>
#include <signal.h>
#include <utility>

#include "core/runtime/unique_fd.h"

namespace holdfast {

namespace {

constexpr Duration kill_after = seconds(2);  // behaviour.md d.14

void drop_notify_socket(std::vector<std::string>& environment) {
  std::erase_if(environment, [](const std::string& variable) { return variable.starts_with("NOTIFY_SOCKET="); });
}

SpawnOptions spawn_options(ScriptRun& run) {
  SpawnOptions options;
  options.executable = run.argv.front();
  options.argv = run.argv;
  options.environment = run.environment;
  drop_notify_socket(options.environment);
  options.credentials = run.credentials;
  options.new_process_group = true;
  options.null_stdio = true;
  if (run.ends_with_core) options.death_signal = SIGTERM;
  return options;
}

void earlier(std::optional<TimePoint>& earliest, const std::optional<TimePoint>& other) {
  if (other && (!earliest || *other < *earliest)) earliest = other;
}

}  // namespace

ScriptRunner::ScriptRunner(EventLoop& loop) : loop_(loop), timer_(loop, [this] { on_deadline(); }) {}

ScriptRunner::~ScriptRunner() = default;

ScriptRunner::Id ScriptRunner::start(ScriptRun run, Callback callback) {
  const Id id = ++last_id_;
  Job job{id, std::move(run), std::move(callback)};
  const std::string queue = job.run.queue;
  if (queue.empty()) {
    launch(std::move(job));
  } else {
    std::deque<Job>& waiting = queues_[queue];
    waiting.push_back(std::move(job));
    if (waiting.size() == 1) launch(waiting.front());
  }
  return id;
}

void ScriptRunner::launch(Job job) {
  if (job.run.argv.empty()) return fail_later(std::move(job), EINVAL);
  const Result<pid_t> pid = spawn(spawn_options(job.run));
  if (!pid) return fail_later(std::move(job), pid.error().code);
  Running running;
  if (job.run.timeout > Duration::zero()) running.terminate_at = loop_.now() + job.run.timeout;
  running.job = std::move(job);
  running_.emplace(*pid, std::move(running));
  arm();
}

void ScriptRunner::launch_next(const std::string& queue) {
  if (queue.empty()) return;
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return;
  found->second.pop_front();
  if (found->second.empty()) {
    queues_.erase(found);
  } else {
    launch(found->second.front());
  }
}

void ScriptRunner::fail_later(Job job, int error) {
  failed_.emplace_back(std::move(job), error);
  failed_due_ = TimePoint{};
  arm();
}

void ScriptRunner::terminate(pid_t group, Running& running) {
  running.terminate_at.reset();
  if (running.kill_at) return;
  kill(-group, SIGTERM);
  running.kill_at = loop_.now() + kill_after;
}

void ScriptRunner::cancel(Id id) {
  for (auto& [pid, running] : running_) {
    if (running.job.id == id) {
      terminate(pid, running);
      return arm();
    }
  }
  for (auto& [name, waiting] : queues_) {
    const auto found = std::find_if(waiting.begin(), waiting.end(), [id](const Job& job) { return job.id == id; });
    if (found == waiting.end() || found == waiting.begin()) continue;  // the first has failed and is about to say so
    Job job = std::move(*found);
    waiting.erase(found);
    job.run.queue.clear();  // its end must not start the next one
    return fail_later(std::move(job), ECANCELED);
  }
}

bool ScriptRunner::on_exit(const Exit& exit) {
  const auto found = running_.find(exit.pid);
  if (found == running_.end()) return false;
  Running ended = std::move(found->second);
  running_.erase(found);
  if (ended.kill_at && kill(-exit.pid, 0) == 0) leftover_groups_.emplace(exit.pid, *ended.kill_at);
  const ScriptOutcome outcome = ended.timed_out  ? ScriptOutcome::TimedOut
                                : exit.signalled ? ScriptOutcome::Signalled
                                                 : ScriptOutcome::Exited;
  launch_next(ended.job.run.queue);
  arm();
  if (ended.job.callback) ended.job.callback({outcome, exit.status});
  return true;
}

void ScriptRunner::stop(bool terminate_running) {
  queues_.clear();
  failed_.clear();
  failed_due_.reset();
  for (auto& [pid, running] : running_) {
    running.job.callback = nullptr;
    running.job.run.queue.clear();
    if (terminate_running) terminate(pid, running);
  }
  arm();
}

std::size_t ScriptRunner::waiting() const {
  std::size_t count = 0;
  for (const auto& [name, jobs] : queues_) count += jobs.size() - 1;
  return count;
}

void ScriptRunner::on_deadline() {
  const TimePoint now = loop_.now();
  for (auto& [pid, running] : running_) {
    if (running.terminate_at && *running.terminate_at <= now) {
      running.timed_out = true;
      terminate(pid, running);
    } else if (running.kill_at && *running.kill_at <= now) {
      kill(-pid, SIGKILL);
      running.kill_at = now + kill_after;
    }
  }
  std::erase_if(leftover_groups_, [now](const auto& group) {
    if (group.second > now) return false;
    kill(-group.first, SIGKILL);
    return true;
  });
  const auto failed = std::exchange(failed_, {});
  failed_due_.reset();
  for (const auto& [job, error] : failed) launch_next(job.run.queue);
  arm();
  for (const auto& [job, error] : failed) {
    if (job.callback) job.callback({ScriptOutcome::NotStarted, error});
  }
}

void ScriptRunner::arm() {
  std::optional<TimePoint> earliest = failed_due_;
  for (const auto& [pid, running] : running_) {
    earlier(earliest, running.terminate_at);
    earlier(earliest, running.kill_at);
  }
  for (const auto& [pid, at] : leftover_groups_) earlier(earliest, at);
  timer_.arm(earliest);
}

}  // namespace holdfast
