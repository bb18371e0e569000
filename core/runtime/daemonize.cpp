#include "core/runtime/daemonize.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace holdfast {

namespace {

[[noreturn]] void wait_for_report(int pipe) {
  std::uint8_t exit_code = 1;
  ssize_t count = 0;
  do {
    count = read(pipe, &exit_code, sizeof exit_code);
  } while (count < 0 && errno == EINTR);
  _exit(count == 1 ? exit_code : 1);
}

Status leave_terminal() {
  if (setsid() < 0) return system_error("setsid", errno);
  if (chdir("/") != 0) return system_error("chdir /", errno);
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return system_error("/dev/null", errno);
  for (const int fd : {0, 1, 2}) {
    if (dup2(null.get(), fd) < 0) return system_error("dup2", errno);
  }
  return success();
}

}  // namespace

void StartReport::tell(int exit_code) {
  if (!pipe_) return;
  const auto octet = static_cast<std::uint8_t>(exit_code);
  [[maybe_unused]] const ssize_t told = write(pipe_.get(), &octet, sizeof octet);  // nobody waits: nobody to tell
  pipe_.reset();
}

Result<StartReport> daemonize() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return system_error("pipe", errno);
  UniqueFd reader(fds[0]);
  UniqueFd writer(fds[1]);
  const pid_t pid = fork();
  if (pid < 0) return system_error("fork", errno);
  if (pid > 0) {
    writer.reset();
    wait_for_report(reader.get());
  }
  reader.reset();
  if (Status left = leave_terminal(); !left) return left.error();
  return StartReport(std::move(writer));
}

}  // namespace holdfast
