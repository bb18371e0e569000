#include "core/runtime/users.h"

#include <grp.h>
#include <nss.h>
#include <pwd.h>

namespace holdfast {

std::optional<Credentials> find_user(const std::string& name) {
  __nss_configure_lookup("passwd", "files");
  const passwd* entry = getpwnam(name.c_str());
  if (!entry) return std::nullopt;
  return Credentials{entry->pw_uid, entry->pw_gid, {entry->pw_gid}};
}

std::optional<gid_t> find_group(const std::string& name) {
  __nss_configure_lookup("group", "files");
  const group* entry = getgrnam(name.c_str());
  if (!entry) return std::nullopt;
  return entry->gr_gid;
}

}  // namespace holdfast
