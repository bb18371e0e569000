// The name by which ps and top show a process (ps -o comm): that of its main thread in the kernel. What it shall be is decided
// by the configuration (config::ProcessNames).
#pragma once

#include <string>

namespace holdfast {

/// The first 15 octets are kept. To be called on the main thread.
void name_process(const std::string& name);

}  // namespace holdfast
