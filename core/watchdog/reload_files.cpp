#include "core/watchdog/reload_files.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "core/config/render.h"
#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {
namespace {

Status write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return system_error(path, errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return success();
}

Status touch(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644));
  return fd ? success() : Status(system_error(path, errno));
}

}  // namespace

ReloadMark::ReloadMark(std::string path) : path_(std::move(path)), made_(path_.empty() ? success() : touch(path_)) {}

ReloadMark::~ReloadMark() {
  if (!path_.empty() && made_) unlink(path_.c_str());
}

std::string reload_mark_path(const config::GlobalDefs& globals, const std::string& pid_file) {
  if (!globals.reload_file) return {};
  if (!globals.reload_file->empty()) return *globals.reload_file;
  constexpr std::string_view kEnd = ".pid";
  const bool ends = std::string_view(pid_file).ends_with(kEnd);
  return pid_file.substr(0, pid_file.size() - (ends ? kEnd.size() : 0)) + ".reload";
}

Status append_check_log(const std::string& path, const config::Loaded& loaded) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600));
  if (!fd) return system_error(path, errno);
  std::string text;
  for (const config::Diagnostic& diagnostic : loaded.diagnostics.list())
    text += config::render(diagnostic, loaded) + '\n';
  return write_all(fd.get(), text, path);
}

std::string saved_configuration(pid_t pid, unsigned number) {
  return fmt::format("keepalived.conf.{}.{}", pid, number);
}

std::string saved_state(Role role, pid_t pid, unsigned number, bool after) {
  return fmt::format("keepalived_{}.{}.{}.{}", role == Role::Vrrp ? "vrrp" : "check", pid, number,
                     after ? "post" : "pre");
}

Status replace_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());
  const UniqueFd fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(fresh, errno);
  const Status written = write_all(fd.get(), text, fresh);
  if (written && rename(fresh.c_str(), path.c_str()) == 0) return success();
  const Status failed = written ? Status(system_error(path, errno)) : written;
  unlink(fresh.c_str());
  return failed;
}

}  // namespace holdfast::watchdog
