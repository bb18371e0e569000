#include "core/watchdog/io/kernel_addresses.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::watchdog;

TEST_CASE("the kernel's addresses are those of the caller's network namespace") {
  if (geteuid() != 0) return;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (unshare(CLONE_NEWNET) != 0) _exit(9);
    const auto none = kernel_addresses();
    if (!none || !none->empty()) _exit(8);
    if (std::system("ip link set lo up && ip address add 192.0.2.9/24 dev lo") != 0) _exit(7);
    const auto some = kernel_addresses();
    const bool found = some && some->contains({"lo", *IpPrefix::parse("192.0.2.9/24")}) &&
                       some->contains({"lo", *IpPrefix::parse("127.0.0.1/8")}) &&
                       !some->contains({"lo", *IpPrefix::parse("192.0.2.9/32")});
    _exit(found ? 0 : 6);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}
