// Giving up what a process does not need. A failure is an Error, never a death: an old kernel without seccomp still serves.
#pragma once

#include <vector>

#include "core/base/result.h"

namespace holdfast {

enum class Capability { NetAdmin, NetRaw, NetBindService, IpcLock, SysNice, SysAdmin, SysResource, Kill };

/// Keeps these, as far as they were there, and no others (permitted, effective, and the bounding set while CAP_SETPCAP is still there); nothing is inheritable.
/// May be called again with fewer.
Status keep_capabilities(const std::vector<Capability>& kept);

/// From now on execve and making a process (fork, vfork, clone without a shared address space) fail with EPERM; threads can
/// still be made. Implies no_new_privs.
Status forbid_exec();

/// No exec can gain privileges any more.
Status set_no_new_privileges();

}  // namespace holdfast
