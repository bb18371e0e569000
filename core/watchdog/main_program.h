// The daemon from its command line to its exit code. core/main.cpp calls it with the real world; the test program with hooks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/watchdog/process.h"

namespace holdfast::watchdog {

/// argv without the program name. Returns the exit code.
int main_program(const std::vector<std::string>& arguments, const ExecutorFactory& make_executor);

}  // namespace holdfast::watchdog
