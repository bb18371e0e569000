// Network namespaces for tests that talk to the real kernel: made without a name, gone with the last descriptor. Needs
// root, and says so.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string>
#include <unistd.h>

#include "core/runtime/unique_fd.h"

namespace holdfast::test {

class NetworkNamespace {
 public:
  NetworkNamespace() {
    const UniqueFd before = current();
    if (unshare(CLONE_NEWNET) != 0) {
      FAIL(
          "this test needs root and a kernel with network namespaces: unshare(CLONE_NEWNET): " << std::strerror(errno));
    }
    fd_ = current();
    run("ip link set lo up");
    leave_to(before);
  }

  /// While it lives, this thread is inside: sockets opened now belong there.
  class Inside {
   public:
    explicit Inside(const NetworkNamespace& where) : before_(current()) { leave_to(where.fd_); }
    ~Inside() { leave_to(before_); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    UniqueFd before_;
  };

  /// For "ip link … netns".
  std::string path() const { return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.get()); }

  static void run(const std::string& command) {
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
  }
  /// Some time after both ends of a veth are up the kernel says so; what is sent before that it drops.
  static void await_carrier(const std::string& link) {
    run("timeout 10 sh -c \"until ip link show " + link + " | grep -q 'state UP'; do sleep 0.01; done\"");
  }

 private:
  static UniqueFd current() {
    UniqueFd fd(open("/proc/thread-self/ns/net", O_RDONLY));  // not close-on-exec: path() is for other programs
    REQUIRE(fd);
    return fd;
  }
  static void leave_to(const UniqueFd& where) { REQUIRE(setns(where.get(), CLONE_NEWNET) == 0); }

  UniqueFd fd_;
};

inline std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char buffer[4096];
  for (std::size_t count = 0; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, count);
  pclose(pipe);
  return text;
}

}  // namespace holdfast::test
