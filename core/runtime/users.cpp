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

std::vector<gid_t> groups_of(const std::string& user, gid_t primary) {
  constexpr int kMostGroups = 65536;  // NGROUPS_MAX
  __nss_configure_lookup("group", "files");
  __nss_configure_lookup("initgroups", "files");
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  if (getgrouplist(user.c_str(), primary, groups.data(), &count) < 0 && count > 0 && count <= kMostGroups) {
    groups.resize(static_cast<std::size_t>(count));
    if (getgrouplist(user.c_str(), primary, groups.data(), &count) < 0) return {primary};
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

std::optional<std::string> user_name(uid_t uid) {
  __nss_configure_lookup("passwd", "files");
  const passwd* entry = getpwuid(uid);
  if (!entry) return std::nullopt;
  return std::string(entry->pw_name);
}

std::optional<gid_t> find_group(const std::string& name) {
  __nss_configure_lookup("group", "files");
  const group* entry = getgrnam(name.c_str());
  if (!entry) return std::nullopt;
  return entry->gr_gid;
}

}  // namespace holdfast
