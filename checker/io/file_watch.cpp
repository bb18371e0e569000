#include "checker/io/file_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <utility>

namespace holdfast::checker {

namespace {

constexpr std::size_t kReadLimit = 64;  // octets of a file
constexpr std::uint32_t kDirectoryEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kFileEvents = IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::optional<std::int64_t> read_number(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat about {};
  if (!fd || fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::array<char, kReadLimit> text{};
  const ssize_t size = read(fd.get(), text.data(), text.size());
  if (size <= 0) return {};
  return first_number({text.data(), static_cast<std::size_t>(size)});
}

}  // namespace

std::optional<std::int64_t> first_number(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n\v\f");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument) return {};
  if (error == std::errc()) return value;
  return text[0] == '-' ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

FileWatch::FileWatch(EventLoop& loop, EventSink sink)
    : loop_(loop), sink_(std::move(sink)), soon_(loop, [this] { on_soon(); }), second_(loop, [this] { on_second(); }) {}

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

void FileWatch::look_at(const std::string& path) {
  const auto found = watched_.find(path);
  if (found == watched_.end()) return;
  Watched& watched = found->second;
  rewatch(path, watched);  // before the file is read, so that nothing is missed
  const auto value = read_number(path);
  if (watched.told && watched.value == value) return;
  watched.told = true;
  watched.value = value;
  sink_(FileChanged{path, value});
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

}  // namespace holdfast::checker
