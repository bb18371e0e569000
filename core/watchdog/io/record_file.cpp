#include "core/watchdog/io/record_file.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace holdfast::watchdog {
namespace {

bool write_all(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t n = write(fd, octets.data(), octets.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

BootId current_boot_id() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string text;
  in >> text;
  std::erase(text, '-');
  BootId boot{};
  for (std::size_t i = 0; i < boot.size() && 2 * i + 2 <= text.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, boot[i], 16);
  }
  return boot;
}

std::optional<RememberedRecords> RecordFile::load(std::uint64_t digest, std::string& why) const {
  const UniqueFd fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat st {};
  if (!fd || fstat(fd.get(), &st) != 0) {
    why = "there is none";
    return std::nullopt;
  }
  if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
    why = "others could have written it";
    return std::nullopt;
  }
  std::ifstream in("/proc/self/fd/" + std::to_string(fd.get()), std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  return parse_records(content.str(), boot_, digest, why);
}

Status RecordFile::begin(RecordStore& store, std::uint64_t digest, TimePoint alive_until) {
  digest_ = digest;
  begun_ = false;
  const std::string fresh = path_ + ".new";
  unlink(fresh.c_str());
  UniqueFd fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(fresh, errno);
  if (!write_all(fd.get(), store.image(boot_, digest, alive_until))) {
    const int error = errno;
    unlink(fresh.c_str());
    return system_error(fresh, error);
  }
  if (rename(fresh.c_str(), path_.c_str()) != 0) return system_error(path_, errno);
  fd_ = std::move(fd);
  begun_ = true;
  return success();
}

Status RecordFile::save(RecordStore& store, TimePoint alive_until) {
  if (!begun_ || store.wants_rewrite()) return begin(store, digest_, alive_until);
  const std::string changes = store.take_changes();
  if (changes.empty()) return success();
  const off_t whole = lseek(fd_.get(), 0, SEEK_CUR);
  if (!write_all(fd_.get(), changes)) {
    const int error = errno;
    // The next save writes everything. Half an entry must not take the room that the new file will need.
    begun_ = false;
    const bool cut = whole >= 0 && ftruncate(fd_.get(), whole) == 0;
    return system_error(cut ? path_ : path_ + " (half an entry is left)", error);
  }
  return success();
}

void RecordFile::stamp(TimePoint alive_until) {
  if (!begun_) return;
  ByteWriter octets;
  octets.u64(static_cast<std::uint64_t>(to_us(alive_until)));
  // A failure costs only precision: the records would be taken for older than they are, which is the safe side.
  if (pwrite(fd_.get(), octets.bytes().data(), octets.size(), kAliveUntilOffset) < 0) begun_ = false;
}

void RecordFile::remove() {
  unlink(path_.c_str());
  begun_ = false;
  fd_.reset();
}

}  // namespace holdfast::watchdog
