#include "vrrp/igmp_silence.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <syslog.h>
#include <unistd.h>

#include "core/runtime/unique_fd.h"
#include "vrrp/wire.h"

namespace holdfast::vrrp {

std::optional<bool> IgmpSilence::reports() const {
  const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  char digit = 0;
  if (!fd || read(fd.get(), &digit, 1) != 1) return std::nullopt;
  return digit != '0';
}

bool IgmpSilence::set_reports(bool on) const {
  const UniqueFd fd(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && write(fd.get(), on ? "1" : "0", 1) == 1;
}

void IgmpSilence::settle(bool wanted, bool silenced, ChildLink& link) {
  silenced_ = silenced;
  if (!wanted) return restore(link);
  if (!reports().value_or(false)) return;
  if (!silenced_) link.upsert_record(record_key(kIgmpKind, ""), "1");
  link.flush();
  silenced_ = true;
  if (set_reports(false)) return;
  link.log(LOG_WARNING, std::string("disable_local_igmp: cannot write ") + path_ + ": " + std::strerror(errno));
}

void IgmpSilence::restore(ChildLink& link) {
  if (!silenced_) return;
  silenced_ = false;
  set_reports(true);
  link.erase_record(record_key(kIgmpKind, ""));
}

}  // namespace holdfast::vrrp
