#include "core/watchdog/io/run_directory.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runtime/unique_fd.h"

namespace holdfast::watchdog {
namespace {

constexpr std::size_t kCookieOctets = 16;

Result<std::string> read_cookie(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return system_error(path, errno);
  struct stat st {};
  if (fstat(fd.get(), &st) != 0) return system_error(path, errno);
  const bool private_file = S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
  if (!private_file) return Error{path + " could have been read or written by others"};
  std::array<char, 2 * kCookieOctets> text{};
  if (read(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return Error{path + " is cut short"};
  return std::string(text.data(), text.size());
}

Result<std::string> random_cookie() {
  // /dev/urandom rather than getrandom(2): kernel 3.10 has no getrandom.
  const UniqueFd fd(open("/dev/urandom", O_RDONLY | O_CLOEXEC));
  std::array<unsigned char, kCookieOctets> octets{};
  if (!fd || read(fd.get(), octets.data(), octets.size()) != static_cast<ssize_t>(octets.size())) {
    return system_error("/dev/urandom", errno);
  }
  std::string text;
  for (const unsigned char octet : octets) text += fmt::format("{:02x}", octet);
  return text;
}

}  // namespace

Status prepare_run_directory(const std::string& path) {
  // Parents that are missing (a minimal /run) are made world-readable, the directory itself is not.
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (mkdir(path.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST)
      return system_error(path.substr(0, slash), errno);
  }
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_error(path, errno);
  struct stat st {};
  if (lstat(path.c_str(), &st) != 0) return system_error(path, errno);
  if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid()) return Error{path + " is not a directory of ours"};
  // /run/keepalived may exist with 0755 for pid files; what is private in it has modes of its own.
  if ((st.st_mode & 022) != 0 && chmod(path.c_str(), 0755) != 0) return system_error(path, errno);
  return success();
}

Result<std::string> load_or_make_cookie(const std::string& path) {
  if (auto cookie = read_cookie(path)) return cookie;
  auto cookie = random_cookie();
  if (!cookie) return cookie;
  unlink(path.c_str());
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(path, errno);
  if (write(fd.get(), cookie->data(), cookie->size()) != static_cast<ssize_t>(cookie->size()))
    return system_error(path, errno);
  return cookie;
}

}  // namespace holdfast::watchdog
