// One executable, three roles: the watchdog, or one of its children.
#include <string>
#include <vector>

#include "checker/process.h"
#include "checker/real_ports.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/io/executor.h"
#include "core/watchdog/io/launcher.h"
#include "core/watchdog/main_program.h"
#include "vrrp/io/real_ports.h"
#include "vrrp/process.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool child = arguments.size() == 2 && arguments[0] == watchdog::kChildFlag;
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Vrrp)) {
    return vrrp::run(UniqueFd(watchdog::kChildLinkFd), vrrp::make_real_ports);
  }
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Checker)) {
    return checker::run(UniqueFd(watchdog::kChildLinkFd), checker::make_real_ports);
  }
  return watchdog::main_program(arguments, watchdog::make_kernel_executor);
}
