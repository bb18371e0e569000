#include "core/watchdog/io/init_files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {

namespace {

/// Nothing to do is success too. A pipe without a reader cannot be opened, and a device is not written to.
Status write_one(const config::TrackFile& file, bool overwrite) {
  constexpr int common = O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  UniqueFd fd(open(file.path.c_str(), common | O_CREAT | O_EXCL, 0666));
  if (!fd && errno == EEXIST) {
    if (!overwrite) return success();
    fd.reset(open(file.path.c_str(), common));
  }
  if (!fd) return system_error(file.path, errno);
  struct stat about {};
  if (fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return Error{file.path + ": is no regular file"};
  const std::string text = fmt::format("{}\n", *file.initial);
  if (ftruncate(fd.get(), 0) != 0 || write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return system_error(file.path, errno);
  return success();
}

}  // namespace

std::vector<std::string> write_init_files(const std::vector<config::TrackFile>& files, Overwriting overwriting) {
  std::vector<std::string> complaints;
  for (const config::TrackFile& file : files) {
    if (!file.initial) continue;
    const Status written = write_one(file, file.overwrite && overwriting == Overwriting::AsConfigured);
    if (!written)
      complaints.push_back(fmt::format("init_file of track_file {}: {}", file.name, written.error().message));
  }
  return complaints;
}

std::vector<config::TrackFile> new_files(const std::vector<config::TrackFile>& before,
                                         const std::vector<config::TrackFile>& next) {
  std::vector<config::TrackFile> fresh;
  for (const config::TrackFile& file : next) {
    if (std::ranges::find(before, file.path, &config::TrackFile::path) == before.end()) fresh.push_back(file);
  }
  return fresh;
}

}  // namespace holdfast::watchdog
