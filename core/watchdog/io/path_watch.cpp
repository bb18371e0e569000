#include "core/watchdog/io/path_watch.h"

#include <array>
#include <cstring>
#include <string_view>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace holdfast::watchdog {
namespace {

constexpr std::uint32_t kEvents =
    IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kDirectoryGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED;

}  // namespace

PathWatch::PathWatch(EventLoop& loop, std::string path, std::function<void()> changed)
    : loop_(loop),
      changed_(std::move(changed)),
      inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      retry_(loop, [this] {
        watch_directory();
        changed_();
      }) {
  const std::size_t slash = path.rfind('/');
  directory_ = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  name_ = path.substr(slash == std::string::npos ? 0 : slash + 1);
  if (inotify_) watch_ = std::make_unique<FdWatch>(loop, inotify_.get(), Ready::Read, [this] { on_inotify(); });
  watch_directory();
}

void PathWatch::watch_directory() {
  if (inotify_) watched_ = inotify_add_watch(inotify_.get(), directory_.c_str(), kEvents);
  if (watched_ < 0) retry_.arm(loop_.now() + seconds(1));
}

void PathWatch::on_inotify() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  const ssize_t size = read(inotify_.get(), buffer.data(), buffer.size());
  bool ours = false, gone = false;
  for (std::size_t at = 0; size > 0 && at + sizeof(inotify_event) <= static_cast<std::size_t>(size);) {
    inotify_event event;
    std::memcpy(&event, buffer.data() + at, sizeof event);
    const char* name = buffer.data() + at + sizeof event;
    if ((event.mask & IN_Q_OVERFLOW) != 0) ours = true;
    if (event.wd == watched_ && (event.mask & kDirectoryGone) != 0) gone = true;
    if (event.len > 0 && name_ == std::string_view(name, strnlen(name, event.len))) ours = true;
    at += sizeof event + event.len;
  }
  if (gone) {
    inotify_rm_watch(inotify_.get(), watched_);
    watched_ = -1;
    watch_directory();
  }
  if (ours || gone) changed_();
}

}  // namespace holdfast::watchdog
