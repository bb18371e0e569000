// The directory for what a daemon keeps besides its pid files: mode 0700, root's, and the cookie in it by which children
// and a later core know each other.
#pragma once

#include <string>

#include "core/base/result.h"

namespace holdfast::watchdog {

/// Makes the directory (and missing parents below /run) or checks that an existing one is ours and nobody else's.
Status prepare_run_directory(const std::string& path);

/// The cookie an earlier core left, or a new one of 32 hexadecimal digits. A file that others could have read or written is
/// replaced.
Result<std::string> load_or_make_cookie(const std::string& path);

}  // namespace holdfast::watchdog
