#include "core/runtime/file_watch.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <utility>

namespace holdfast {

namespace {

constexpr std::size_t kReadLimit = 64;  // octets of a file
constexpr Duration kToBeSure = seconds(10);
constexpr std::uint32_t kDirectoryEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kFileEvents = IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Only a regular file is opened: opening a device may do things, and a pipe would wait for its other end.
UniqueFd open_regular(const std::string& path, std::string& problem) {
  const UniqueFd place(open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place) {
    if (errno != ENOENT && errno != ENOTDIR) problem = fmt::format("cannot be reached: {}", std::strerror(errno));
    return {};
  }
  struct stat about {};
  if (fstat(place.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    problem = "is no regular file";
    return {};
  }
  const std::string again = fmt::format("/proc/self/fd/{}", place.get());
  UniqueFd fd(open(again.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) problem = fmt::format("cannot be read: {}", std::strerror(errno));
  return fd;
}

/// A sign, then what base the digits are of.
int base_of(std::string_view& digits) {
  if (digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') &&
      std::isxdigit(static_cast<unsigned char>(digits[2])) != 0) {
    digits.remove_prefix(2);
    return 16;
  }
  return digits.size() > 1 && digits[0] == '0' ? 8 : 10;
}

}  // namespace

std::optional<std::int64_t> first_number(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n\v\f");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  const int base = base_of(text);
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error == std::errc::invalid_argument) return {};
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const bool too_big = error != std::errc() || magnitude > static_cast<std::uint64_t>(most);
  if (too_big) return negative ? std::numeric_limits<std::int64_t>::min() : most;
  return negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
}

FileNumber read_number(const std::string& path) {
  FileNumber number;
  const UniqueFd fd = open_regular(path, number.problem);
  if (!fd) return number;
  std::array<char, kReadLimit> text{};
  const ssize_t size = read(fd.get(), text.data(), text.size());
  if (size < 0) number.problem = fmt::format("cannot be read: {}", std::strerror(errno));
  if (size <= 0) return number;
  number.value = first_number({text.data(), static_cast<std::size_t>(size)});
  if (!number.value) number.problem = "does not begin with a number";
  return number;
}

FileWatch::FileWatch(EventLoop& loop, Sink sink)
    : loop_(loop),
      sink_(std::move(sink)),
      soon_(loop, [this] { on_soon(); }),
      second_(loop, [this] { on_second(); }),
      sure_(loop, [this] { on_sure(); }) {}

Status FileWatch::open_inotify() {
  if (inotify_) return success();
  inotify_.reset(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify_) return system_error("inotify", errno);
  watch_ = std::make_unique<FdWatch>(loop_, inotify_.get(), Ready::Read, [this] { on_inotify(); });
  return success();
}

Status FileWatch::watch(const std::string& path) {
  const Status opened = open_inotify();
  Watched& watched = watched_[path];
  watched.told = false;
  if (opened) rewatch(path, watched);
  if (!opened) doubtful_.insert(path);
  due_.insert(path);
  arm();
  return opened;
}

void FileWatch::unwatch(const std::string& path) {
  const auto found = watched_.find(path);
  if (found == watched_.end()) return;
  const Watched old = found->second;
  watched_.erase(found);
  due_.erase(path);
  doubtful_.erase(path);
  drop(old.directory);
  drop(old.file);
}

// The kernel gives one descriptor for each inode: several files of a directory share its.
void FileWatch::drop(int descriptor) {
  const auto uses = [descriptor](const auto& entry) {
    return entry.second.directory == descriptor || entry.second.file == descriptor;
  };
  if (descriptor < 0 || std::ranges::any_of(watched_, uses)) return;
  inotify_rm_watch(inotify_.get(), descriptor);
}

void FileWatch::rewatch(const std::string& path, Watched& watched) {
  if (!inotify_) return;
  const Watched old = watched;
  watched.directory = inotify_add_watch(inotify_.get(), directory_of(path).c_str(), kDirectoryEvents);
  watched.file = inotify_add_watch(inotify_.get(), path.c_str(), kFileEvents);
  if (old.directory != watched.directory) drop(old.directory);
  if (old.file != watched.file) drop(old.file);
  struct stat about {};
  const bool dangling = watched.file < 0 && lstat(path.c_str(), &about) == 0;
  if (watched.directory < 0 || dangling) {
    doubtful_.insert(path);
  } else {
    doubtful_.erase(path);
  }
}

void FileWatch::arm() {
  if (!due_.empty()) soon_.arm(TimePoint());
  if (!watched_.empty() && !std::exchange(sure_armed_, true)) sure_.arm(loop_.now() + kToBeSure);
  if (doubtful_.empty() || std::exchange(second_armed_, true)) return;
  second_.arm(loop_.now() + seconds(1));
}

void FileWatch::on_soon() {
  const std::set<std::string> due = std::exchange(due_, {});
  for (const std::string& path : due) look_at(path);
  arm();
}

void FileWatch::on_second() {
  second_armed_ = false;
  const std::set<std::string> paths = doubtful_;
  for (const std::string& path : paths) look_at(path);
  arm();
}

/// A folder above the file's may have been replaced, of which inotify tells nobody.
void FileWatch::on_sure() {
  sure_armed_ = false;
  for (const auto& [path, watched] : watched_) due_.insert(path);
  arm();
}

void FileWatch::look_at(const std::string& path) {
  const auto found = watched_.find(path);
  if (found == watched_.end()) return;
  Watched& watched = found->second;
  rewatch(path, watched);  // before the file is read, so that nothing is missed
  const FileNumber number = read_number(path);
  if (watched.told && watched.number == number) return;
  watched.told = true;
  watched.number = number;
  sink_(path, number);
}

void FileWatch::on_inotify() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  const ssize_t size = read(inotify_.get(), buffer.data(), buffer.size());
  std::set<int> changed;
  bool all = false;
  for (std::size_t at = 0; size > 0 && at + sizeof(inotify_event) <= static_cast<std::size_t>(size);) {
    inotify_event event;
    std::memcpy(&event, buffer.data() + at, sizeof event);
    all = all || (event.mask & IN_Q_OVERFLOW) != 0;
    if ((event.mask & IN_IGNORED) == 0) changed.insert(event.wd);
    at += sizeof event + event.len;
  }
  for (const auto& [path, watched] : watched_) {
    if (all || changed.contains(watched.directory) || changed.contains(watched.file)) due_.insert(path);
  }
  arm();
}

}  // namespace holdfast
