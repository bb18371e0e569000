#include "core/base/assert.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

TEST_CASE("a broken contract ends the process with SIGABRT, a kept one does nothing") {
  ASSERT(1 + 1 == 2);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(2);
    std::signal(SIGABRT, SIG_DFL);
    ASSERT(1 + 1 == 3);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}
