// keepalived_test: the daemon as core/main.cpp builds it, with two hooks that only this program has.
//   HOLDFAST_TEST_REAL_PORTS=1   the real kernel; otherwise the machine of files of fake_ports.h
//   HOLDFAST_TEST_CRASH_VRRP=F   while the file F exists, the vrrp process aborts at start; …_CHECKER=F the checker
//   HOLDFAST_TEST_IPVS=F         the kernel's IPVS table is the journal F (file_ipvs.h); probes are real
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

#include "checker/process.h"
#include "checker/real_ports.h"
#include "core/mail/io/mailer.h"
#include "core/runtime/unique_fd.h"
#include "core/watchdog/io/executor.h"
#include "core/watchdog/io/launcher.h"
#include "core/watchdog/main_program.h"
#include "test/support/fake_ports.h"
#include "test/support/file_ipvs.h"
#include "vrrp/io/real_ports.h"
#include "vrrp/process.h"

namespace {

void crash_if_told(const char* variable) {
  const char* file = std::getenv(variable);
  if (file && access(file, F_OK) == 0) std::abort();
}

/// Real probes, and the kernel's IPVS table in a file.
holdfast::checker::Ports file_ipvs_ports(holdfast::EventLoop& loop, holdfast::checker::EventSink sink) {
  holdfast::checker::Ports ports = holdfast::checker::make_real_ports(loop, std::move(sink));
  const char* path = std::getenv("HOLDFAST_TEST_IPVS");
  if (path == nullptr) return ports;
  ports.ipvs = std::make_unique<holdfast::test::FileIpvs>(path);
  ports.ipvs_reader = std::make_unique<holdfast::test::FileIpvs>(path);
  ports.move_ipvs = {};  // a file is in no namespace and has no buffers
  ports.size_buffers = {};
  return ports;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace holdfast;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool real = std::getenv("HOLDFAST_TEST_REAL_PORTS") != nullptr;
  const bool child = arguments.size() == 2 && arguments[0] == watchdog::kChildFlag;
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Vrrp)) {
    crash_if_told("HOLDFAST_TEST_CRASH_VRRP");
    return vrrp::run(UniqueFd(watchdog::kChildLinkFd), real ? vrrp::make_real_ports : test::make_fake_ports);
  }
  if (child && arguments[1] == watchdog::role_word(watchdog::Role::Checker)) {
    crash_if_told("HOLDFAST_TEST_CRASH_CHECKER");
    return checker::run(UniqueFd(watchdog::kChildLinkFd), file_ipvs_ports);
  }
  if (child && arguments[1] == mail::kMailerWord) mail::run_mailer(UniqueFd(watchdog::kChildLinkFd));
  return watchdog::main_program(arguments, real ? watchdog::make_kernel_executor : test::make_fake_executor);
}
