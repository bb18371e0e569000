#include "core/runtime/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace holdfast {

namespace {

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

// The pid that holds a lock that hinders ours; 0 when none does.
pid_t holder_of(int fd) {
  struct flock lock = whole_file(F_WRLCK);
  if (fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
  return lock.l_pid;
}

void make_parent_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0755);
  }
}

// Between open and lock the previous holder may have removed the file: then we hold a lock that nobody else will meet.
bool still_named(int fd, const std::string& path) {
  struct stat ours {};
  struct stat named {};
  return fstat(fd, &ours) == 0 && stat(path.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
         ours.st_dev == named.st_dev;
}

Result<UniqueFd> open_and_lock(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644));
  if (!fd) return system_error(path, errno);
  struct flock lock = whole_file(F_WRLCK);
  if (fcntl(fd.get(), F_SETLK, &lock) == 0) return fd;
  if (errno != EAGAIN && errno != EACCES) return system_error("lock " + path, errno);
  return Error{fmt::format("{} is locked by process {}", path, holder_of(fd.get())), EAGAIN};
}

Status write_pid(int fd, const std::string& path) {
  const std::string text = fmt::format("{}\n", getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return system_error("write " + path, errno);
  }
  fchmod(fd, 0644);
  return success();
}

}  // namespace

PidFile::PidFile(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)), owner_(getpid()) {}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::move(other.path_);
  fd_ = std::move(other.fd_);
  owner_ = other.owner_;
  return *this;
}

PidFile::~PidFile() {
  remove();
}

Result<PidFile> PidFile::acquire(const std::string& path) {
  make_parent_directories(path);
  for (int attempt = 0; attempt < 100; ++attempt) {
    Result<UniqueFd> fd = open_and_lock(path);
    if (!fd) return fd.error();
    if (!still_named(fd->get(), path)) continue;
    if (Status written = write_pid(fd->get(), path); !written) return written.error();
    return PidFile(path, std::move(*fd));
  }
  return Error{path + " keeps being replaced", EAGAIN};
}

std::optional<pid_t> PidFile::holder(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return std::nullopt;
  const pid_t pid = holder_of(fd.get());
  if (pid <= 0) return std::nullopt;
  return pid;
}

void PidFile::release_without_removal() {
  fd_.reset();
}

void PidFile::remove() {
  if (!fd_) return;
  if (owner_ == getpid() && still_named(fd_.get(), path_)) unlink(path_.c_str());
  fd_.reset();
}

}  // namespace holdfast
