// What changes a process for good is tried in a child; the child's exit status is the answer.
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>

#include "core/runtime/daemonize.h"
#include "core/runtime/privileges.h"
#include "core/runtime/scheduling.h"
#include "core/runtime/systemd.h"
#include "test/core/runtime/support.h"

using namespace holdfast;
using holdfast::test::content;
using holdfast::test::TemporaryDirectory;

namespace {

template <class Body>
int exit_status_of(Body body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string status_line(const std::string& name) {
  const std::string text = content("/proc/self/status");
  const std::size_t at = text.find(name + ":\t");
  return text.substr(at + name.size() + 2, text.find('\n', at) - at - name.size() - 2);
}

}  // namespace

TEST_CASE("only_the_kept_capabilities_remain_and_can_be_narrowed") {
  REQUIRE(geteuid() == 0);
  CHECK(exit_status_of([] {
          if (!keep_capabilities({Capability::NetAdmin, Capability::NetRaw, Capability::SysNice})) return 1;
          if (status_line("CapEff") != "0000000000803000") return 2;
          if (status_line("CapBnd") != "0000000000803000") return 3;
          // SysAdmin is gone already: it is not given back, and the others are kept all the same.
          if (!keep_capabilities({Capability::NetAdmin, Capability::NetRaw, Capability::SysAdmin})) return 4;
          if (status_line("CapPrm") != "0000000000003000") return 5;
          return status_line("CapInh") == "0000000000000000" ? 0 : 6;
        }) == 0);
}

TEST_CASE("no_process_and_no_program_can_be_started_after_forbid_exec_but_threads_can") {
  CHECK(exit_status_of([] {
          if (const Status forbidden = forbid_exec(); !forbidden) return forbidden.error().code;
          char* const argv[] = {const_cast<char*>("true"), nullptr};
          if (execv("/bin/true", argv) != -1 || errno != EPERM) return 101;
          if (const pid_t pid = fork(); pid >= 0 || errno != EPERM) return pid == 0 ? 0 : 102;
          if (syscall(SYS_vfork) >= 0 || errno != EPERM) return 103;
          bool ran = false;
          std::thread([&ran] { ran = true; }).join();
          return ran ? 0 : 104;
        }) == 0);
}

TEST_CASE("no_new_privileges_is_set") {
  CHECK(exit_status_of([] {
          if (!set_no_new_privileges()) return 1;
          return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 2;
        }) == 0);
}

TEST_CASE("real_time_priority_is_set_and_a_wrong_one_is_an_error") {
  REQUIRE(geteuid() == 0);
  CHECK(exit_status_of([] {
          if (!set_realtime(10, milliseconds(500))) return 1;
          if ((sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) != SCHED_RR) return 2;
          rlimit limit{};
          getrlimit(RLIMIT_RTTIME, &limit);
          if (limit.rlim_cur != 500'000) return 3;
          return set_realtime(100, Duration::zero()) ? 4 : 0;
        }) == 0);
}

TEST_CASE("a_burst_longer_than_the_limit_is_told_and_kills_nobody") {
  REQUIRE(geteuid() == 0);
  CHECK(exit_status_of([] {
          if (!set_realtime(1, milliseconds(10))) return 1;
          const std::clock_t end = std::clock() + CLOCKS_PER_SEC / 10;
          while (std::clock() < end) {
          }
          sigset_t waiting;
          sigpending(&waiting);
          return sigismember(&waiting, SIGXCPU) == 1 ? 0 : 2;
        }) == 0);
}

TEST_CASE("nice_affinity_and_memory_lock_take_effect") {
  CHECK(exit_status_of([] {
          if (!set_nice(3) || getpriority(PRIO_PROCESS, 0) != 3) return 1;
          if (!set_cpu_affinity({0})) return 2;
          cpu_set_t set;
          sched_getaffinity(0, sizeof set, &set);
          if (CPU_COUNT(&set) != 1) return 3;
          return set_cpu_affinity({-1}) ? 4 : 0;
        }) == 0);
}

TEST_CASE("service_manager_is_told_through_a_path_and_an_abstract_name") {
  TemporaryDirectory directory;
  for (const std::string& name :
       {directory.file("notify"), std::string("@holdfast_test_notify_") + std::to_string(getpid())}) {
    const UniqueFd receiver(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(bind(receiver.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
    const auto received = [&] {
      char text[200] = {};
      const ssize_t count = recv(receiver.get(), text, sizeof text, 0);
      return std::string(text, count < 0 ? 0 : static_cast<std::size_t>(count));
    };
    ServiceManager manager(name);
    manager.ready(17);
    CHECK(received() == "READY=1\nMAINPID=17\n");
    manager.error(5);
    CHECK(received() == "ERRNO=5\n");
    manager.reloading();
    CHECK(received().starts_with("RELOADING=1\n"));
    manager.stopping();
    CHECK(received() == "STOPPING=1\n");
  }
}

TEST_CASE("service_manager_without_systemd_does_nothing") {
  ServiceManager("").ready(1);
  ServiceManager("/nowhere/notify").stopping();
  ServiceManager(std::string(300, '/')).stopping();
  SUCCEED();
}

TEST_CASE("parent_of_a_daemon_exits_with_what_it_is_told") {
  TemporaryDirectory directory;
  const std::string out = directory.file("out");
  const auto daemon = [&](int code) {
    return exit_status_of([&] {
      auto report = daemonize();
      if (!report) return 99;
      const bool detached = getsid(0) == getpid() && content("/proc/self/comm") != "";
      char where[100];
      std::ofstream(out) << detached << ' ' << getcwd(where, sizeof where);
      if (code >= 0) report->tell(code);
      return 0;
    });
  };
  CHECK(daemon(0) == 0);
  CHECK(content(out) == "1 /");
  CHECK(daemon(2) == 2);
  CHECK(daemon(-1) == 1);  // died before it knew
}
