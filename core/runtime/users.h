// Users and groups of the local files, for script_user and `user` of a script. Other sources of nsswitch.conf (sssd, LDAP,
// systemd) are not asked: their plug-ins cannot be loaded into a static program, and a slow directory server must not hold
// up a script that decides over a VIP.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/runtime/child_process.h"

namespace holdfast {

/// The user's ids; its supplementary groups are its primary group alone, as keepalived does by default.
std::optional<Credentials> find_user(const std::string& name);
/// All groups that /etc/group has the user in, `primary` among them.
std::vector<gid_t> groups_of(const std::string& user, gid_t primary);
/// The name that /etc/passwd gives the id.
std::optional<std::string> user_name(uid_t uid);
std::optional<gid_t> find_group(const std::string& name);

}  // namespace holdfast
