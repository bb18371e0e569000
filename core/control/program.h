// keepalivedctl from its command line to its exit code: asks the daemon, prints what it says, explains when it cannot.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace holdfast::control {

/// argv without the program name. Prints; gives the exit code of command_line.h.
int program(const std::vector<std::string>& arguments);

/// What is printed when the socket could not be used, and with which exit code.
struct Explanation {
  std::string text;
  int exit_code = 0;
};
Explanation explain(const Error& error, const std::string& socket);

}  // namespace holdfast::control
