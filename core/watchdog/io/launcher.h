// Starts a child process: this very image again, with one Unix socket and nothing else.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/logic/events.h"

namespace holdfast::watchdog {

/// First word after the program name that makes it a child; the second is the role.
inline constexpr const char* kChildFlag = "--child";
/// Where the child finds its socket.
inline constexpr int kChildLinkFd = 3;

struct Launched {
  pid_t pid = 0;
  UniqueFd link;
};

/// "vrrp" or "checker": as the role stands on the child's command line.
const char* role_word(Role role);

/// `inherit_console`: the child keeps stdio, for what the C library or a sanitizer prints at an abnormal end.
Result<Launched> launch(Role role, bool inherit_console);

}  // namespace holdfast::watchdog
