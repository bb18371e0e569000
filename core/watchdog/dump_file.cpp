#include "core/watchdog/dump_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {
namespace {

const char* usual_name(DumpFile file) {
  switch (file) {
    case DumpFile::Statistics:
      return "keepalived.stats";
    case DumpFile::Json:
      return "keepalived.json";
    default:
      return "keepalived.data";
  }
}

const std::string& place_of(DumpFile file, const config::DumpPlaces& places) {
  if (file == DumpFile::Statistics) return places.stats;
  return file == DumpFile::Json ? places.json : places.state;
}

std::string process_word(DumpFile file) {
  if (file == DumpFile::CheckerData) return "_check";
  return file == DumpFile::ParentData ? "_parent" : "";
}

bool is_data(DumpFile file) {
  return file != DumpFile::Statistics && file != DumpFile::Json;
}

/// Puts `inserted` before what follows the last dot of the file's name.
std::string before_extension(const std::string& path, const std::string& inserted) {
  const std::size_t name = path.rfind('/') + 1;  // npos + 1 = 0
  const std::size_t dot = path.rfind('.');
  const bool has_extension = dot != std::string::npos && dot > name;
  const std::size_t at = has_extension ? dot : path.size();
  return path.substr(0, at) + inserted + path.substr(at);
}

Status write_all(int fd, const std::string& text, const std::string& path) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(fd, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return system_error(path, errno);
    at += static_cast<std::size_t>(n);
  }
  return success();
}

}  // namespace

DumpFile dump_kind(Role role, proto::Dump::Kind kind) {
  if (role == Role::Checker) return DumpFile::CheckerData;
  if (kind == proto::Dump::JSON) return DumpFile::Json;
  return kind == proto::Dump::DATA ? DumpFile::VrrpData : DumpFile::Statistics;
}

std::string temporary_folder() {
  const char* configured = std::getenv("TMPDIR");
  struct stat st {};
  if (configured && configured[0] == '/' && stat(configured, &st) == 0 && S_ISDIR(st.st_mode)) return configured;
  return "/tmp";
}

std::string dump_path(DumpFile file, const config::DumpPlaces& places, const std::string& name_suffix) {
  std::string path = place_of(file, places);
  if (path.empty() || path.ends_with('/')) path += usual_name(file);
  if (!path.starts_with('/')) path = temporary_folder() + "/" + path;
  std::string inserted = process_word(file);
  if (is_data(file) && places.use_instance && name_suffix.size() > 1) inserted += "." + name_suffix.substr(1);
  return before_extension(path, inserted);
}

Status write_dump_file(const std::string& path, const std::string& text) {
  // A new file that takes the old one's place: in a folder that everybody may write to, what stands there is not trusted.
  const std::string fresh = path + "." + std::to_string(getpid());
  unlink(fresh.c_str());
  const UniqueFd fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(fresh, errno);
  Status written = write_all(fd.get(), text, fresh);
  if (written && rename(fresh.c_str(), path.c_str()) != 0) written = system_error(path, errno);
  if (!written) unlink(fresh.c_str());
  return written;
}

}  // namespace holdfast::watchdog
