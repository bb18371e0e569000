#include "core/watchdog/dump_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {
namespace {

std::string dump_directory() {
  const char* configured = std::getenv("TMPDIR");
  struct stat st {};
  if (configured && configured[0] == '/' && stat(configured, &st) == 0 && S_ISDIR(st.st_mode)) return configured;
  return "/tmp";
}

const char* file_name(Role role, proto::Dump::Kind kind) {
  if (role == Role::Checker) return "keepalived_check.data";
  switch (kind) {
    case proto::Dump::STATS:
    case proto::Dump::STATS_CLEAR:
      return "keepalived.stats";
    case proto::Dump::JSON:
      return "keepalived.json";
    default:
      return "keepalived.data";
  }
}

}  // namespace

Status write_dump_file(Role role, const proto::DumpText& dump) {
  const std::string path = dump_directory() + "/" + file_name(role, dump.kind());
  // A new file that takes the old one's place: in a directory that everybody may write to, what stands there is not trusted.
  const std::string fresh = path + "." + std::to_string(getpid());
  unlink(fresh.c_str());
  UniqueFd fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(fresh, errno);
  const std::string& text = dump.text();
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(fd.get(), text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = errno;
      unlink(fresh.c_str());
      return system_error(fresh, error);
    }
    at += static_cast<std::size_t>(n);
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) return system_error(path, errno);
  return success();
}

}  // namespace holdfast::watchdog
