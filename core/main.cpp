// One executable, three roles: the watchdog, or one of its children.
#include <string>
#include <vector>

#include "checker/genhash.h"
#include "checker/process.h"
#include "checker/real_ports.h"
#include "core/mail/io/mailer.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/io/executor.h"
#include "core/watchdog/io/launcher.h"
#include "core/watchdog/main_program.h"
#include "vrrp/io/real_ports.h"
#include "vrrp/process.h"

namespace {

/// `genhash …`, or `keepalived -T …` (behaviour.md b.1): what follows are genhash's own options.
bool is_genhash(const std::string& program, const std::vector<std::string>& arguments) {
  if (program.substr(program.rfind('/') + 1) == "genhash") return true;
  return !arguments.empty() && (arguments.front() == "-T" || arguments.front() == "--genhash");
}

}  // namespace

int main(int argc, char** argv) {
  using namespace holdfast;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (is_genhash(argc > 0 ? argv[0] : "", arguments)) {
    const bool by_option = !arguments.empty() && (arguments.front() == "-T" || arguments.front() == "--genhash");
    return by_option ? checker::genhash(argc - 1, argv + 1) : checker::genhash(argc, argv);
  }
  const bool child = arguments.size() == 2 && arguments[0] == watchdog::kChildFlag;
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Vrrp)) {
    return vrrp::run(UniqueFd(watchdog::kChildLinkFd), vrrp::make_real_ports);
  }
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Checker)) {
    return checker::run(UniqueFd(watchdog::kChildLinkFd), checker::make_real_ports);
  }
  if (child && arguments[1] == mail::kMailerWord) mail::run_mailer(UniqueFd(watchdog::kChildLinkFd));
  return watchdog::main_program(arguments, watchdog::make_kernel_executor);
}
