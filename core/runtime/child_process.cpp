#include "core/runtime/child_process.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/runtime/signals.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

namespace {

constexpr int child_fd = 3;       // where inherit_fd ends up
constexpr int error_pipe_fd = 4;  // closed by exec

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

void close_listed_fds_from(int first) {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return;
  std::vector<int> open;
  while (const dirent* entry = readdir(directory)) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= first && fd != dirfd(directory)) open.push_back(fd);
  }
  closedir(directory);
  for (const int fd : open) close(fd);
}

// close_range is Linux 5.9; older kernels list what is open.
void close_fds_from(int first) {
  constexpr long close_range_number = 436;
  if (syscall(close_range_number, static_cast<unsigned>(first), ~0U, 0U) != 0) close_listed_fds_from(first);
}

// Both descriptors are first lifted above their targets, so that moving one cannot overwrite the other.
bool place_fds(int inherit_fd, int error_fd) {
  const int lifted_error = fcntl(error_fd, F_DUPFD_CLOEXEC, error_pipe_fd + 1);
  const int lifted_inherit = inherit_fd < 0 ? -1 : fcntl(inherit_fd, F_DUPFD_CLOEXEC, error_pipe_fd + 1);
  if (lifted_error < 0 || (inherit_fd >= 0 && lifted_inherit < 0)) return false;
  if (dup3(lifted_error, error_pipe_fd, O_CLOEXEC) < 0) return false;
  if (inherit_fd >= 0) return dup2(lifted_inherit, child_fd) >= 0;
  close(child_fd);
  return true;
}

bool null_stdio() {
  const int null = open("/dev/null", O_RDWR);
  if (null < 0) return false;
  for (const int fd : {0, 1, 2}) {
    if (null != fd && dup2(null, fd) < 0) return false;
  }
  if (null > 2) close(null);
  return true;
}

bool become(const Credentials& who) {
  if (geteuid() == 0 && setgroups(who.groups.size(), who.groups.data()) != 0) return false;
  return setresgid(who.gid, who.gid, who.gid) == 0 && setresuid(who.uid, who.uid, who.uid) == 0;
}

bool reset_scheduling(const SpawnOptions& options) {
  if (options.reset_scheduling && sched_getscheduler(0) != SCHED_OTHER) {
    const sched_param none{};
    if (sched_setscheduler(0, SCHED_OTHER, &none) != 0) return false;
  }
  return !options.nice || setpriority(PRIO_PROCESS, 0, *options.nice) == 0;
}

// What must happen between fork and exec; false leaves errno. The death signal comes after the change of user, which clears it.
bool prepare_child(const SpawnOptions& options, pid_t parent, int error_fd) {
  if (options.new_process_group && setpgid(0, 0) != 0) return false;
  if (!reset_scheduling(options)) return false;
  if (!place_fds(options.inherit_fd, error_fd)) return false;
  if (options.null_stdio && !null_stdio()) return false;
  close_fds_from(error_pipe_fd + 1);
  if (!options.working_directory.empty() && chdir(options.working_directory.c_str()) != 0) return false;
  if (options.credentials && !become(*options.credentials)) return false;
  if (options.death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, options.death_signal) != 0) return false;
    if (getppid() != parent) _exit(127);
  }
  return true;
}

[[noreturn]] void run_child(const SpawnOptions& options, pid_t parent, int error_fd, char* const* argv,
                            char* const* environment) {
  reset_signals_for_exec();
  int pipe = error_fd;
  if (prepare_child(options, parent, error_fd)) {
    pipe = error_pipe_fd;
    execve(options.executable.c_str(), argv, environment);
  }
  const int error = errno;
  const ssize_t told = write(pipe, &error, sizeof error);
  _exit(told == sizeof error ? 127 : 126);
}

// Nothing comes when exec succeeded and closed the pipe.
int read_exec_error(int fd) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(fd, &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == sizeof error ? error : 0;
}

}  // namespace

Result<pid_t> spawn(const SpawnOptions& options) {
  const std::vector<char*> argv = pointers(options.argv);
  const std::vector<char*> environment = pointers(options.environment);
  int pipe_fds[2];
  if (pipe2(pipe_fds, O_CLOEXEC) != 0) return system_error("pipe", errno);
  const UniqueFd reader(pipe_fds[0]);
  UniqueFd writer(pipe_fds[1]);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return system_error("fork", errno);
  if (pid == 0) run_child(options, parent, writer.get(), argv.data(), environment.data());
  writer.reset();
  const int error = read_exec_error(reader.get());
  if (error == 0) return pid;
  waitpid(pid, nullptr, 0);
  return system_error(options.executable, error);
}

std::vector<Exit> reap_children() {
  std::vector<Exit> exits;
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (WIFEXITED(status)) exits.push_back({pid, false, WEXITSTATUS(status)});
    if (WIFSIGNALED(status)) exits.push_back({pid, true, WTERMSIG(status)});
  }
  return exits;
}

std::vector<std::string> environment_without(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string_view name = text.substr(0, text.find('='));
    if (std::find(names.begin(), names.end(), name) == names.end()) result.emplace_back(text);
  }
  return result;
}

}  // namespace holdfast
