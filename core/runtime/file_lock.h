// Pid files: a lock, not existence, says that a daemon runs (behaviour.md b.4). The lock is the POSIX one, so that F_GETLK
// gives the holder's pid; it is not inherited by fork, so acquire it in the process that stays.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast {

class PidFile {
 public:
  /// Creates and locks `path` (mode 0644) and writes "PID\n". EAGAIN when another process holds it; the message then names
  /// its pid. Missing directories at and below /run/keepalived (and the one of the file) are made with mode 0755.
  static Result<PidFile> acquire(const std::string& path);
  /// The process that holds the lock. Not to be asked about a file that this process holds: closing would release it.
  static std::optional<pid_t> holder(const std::string& path);

  PidFile(PidFile&&) noexcept = default;
  PidFile& operator=(PidFile&& other) noexcept;
  /// Removes the file and releases the lock; only in the process that acquired it.
  ~PidFile();

  void release_without_removal();
  const std::string& path() const { return path_; }

 private:
  PidFile(std::string path, UniqueFd fd);
  void remove();

  std::string path_;
  UniqueFd fd_;
  pid_t owner_ = 0;
};

}  // namespace holdfast
