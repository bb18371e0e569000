#include "core/runtime/confinement.h"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;

namespace {

/// In a process of its own: what is given up does not come back.
template <class Work>
int in_child(Work work) {
  const pid_t pid = fork();
  if (pid == 0) _exit(work());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("what cannot be had is said with its keyword, and the rest is done") {
  CHECK(in_child([] {
          Scheduling wish;
          wish.nice = 5;
          wish.cpu_affinity = {100'000};
          const auto complaints = settle_in("checker", wish, {});
          const bool said = complaints.size() == 1 && complaints[0].starts_with("checker_cpu_affinity: ");
          return said && getpriority(PRIO_PROCESS, 0) == 5 ? 0 : 1;
        }) == 0);
}

TEST_CASE("descriptors are allowed up to the hard limit at least") {
  CHECK(in_child([] {
          const rlimit low{64, 4096};
          setrlimit(RLIMIT_NOFILE, &low);
          allow_descriptors(8192);
          rlimit now{};
          getrlimit(RLIMIT_NOFILE, &now);
          return now.rlim_cur >= 4096 ? 0 : 1;
        }) == 0);
}
