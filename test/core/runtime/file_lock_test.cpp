#include "core/runtime/file_lock.h"

#include <cerrno>
#include <sys/stat.h>
#include <sys/wait.h>

#include "test/core/runtime/support.h"

using namespace holdfast;
using holdfast::test::content;
using holdfast::test::TemporaryDirectory;

namespace {

// A POSIX lock hinders other processes only, so the questions are asked by a child; true makes it exit 0.
template <class Question>
bool in_a_child(Question question) {
  const pid_t pid = fork();
  if (pid == 0) _exit(question() ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return status == 0;
}

}  // namespace

TEST_CASE("pid_file_holds_the_pid_and_is_readable_by_all") {
  TemporaryDirectory directory;
  const std::string path = directory.file("keepalived.pid");
  const auto file = PidFile::acquire(path);
  REQUIRE(file);
  CHECK(content(path) == std::to_string(getpid()) + "\n");
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0644);
}

TEST_CASE("held_pid_file_is_refused_and_names_its_holder") {
  TemporaryDirectory directory;
  const std::string path = directory.file("keepalived.pid");
  const auto file = PidFile::acquire(path);
  REQUIRE(file);
  const pid_t holder = getpid();
  CHECK(in_a_child([&] {
    const auto second = PidFile::acquire(path);
    return !second && second.error().code == EAGAIN &&
           second.error().message == path + " is locked by process " + std::to_string(holder);
  }));
  CHECK(in_a_child([&] { return PidFile::holder(path) == holder; }));
  CHECK(content(path) == std::to_string(holder) + "\n");
}

TEST_CASE("stale_pid_file_does_not_hinder") {
  TemporaryDirectory directory;
  const std::string path = directory.file("keepalived.pid");
  std::ofstream(path) << "1\nand much more text\n";
  CHECK(in_a_child([&] { return !PidFile::holder(path); }));
  REQUIRE(PidFile::acquire(path));
}

TEST_CASE("pid_file_goes_with_its_owner_but_not_with_a_forked_copy") {
  TemporaryDirectory directory;
  const std::string path = directory.file("keepalived.pid");
  {
    auto file = PidFile::acquire(path);
    REQUIRE(file);
    CHECK(in_a_child([&] {
      { const PidFile moved = std::move(*file); }
      return access(path.c_str(), F_OK) == 0;
    }));
    CHECK(in_a_child([&] { return PidFile::holder(path).has_value(); }));
  }
  CHECK(access(path.c_str(), F_OK) != 0);
}

TEST_CASE("pid_file_can_be_left_behind_unlocked") {
  TemporaryDirectory directory;
  const std::string path = directory.file("vrrp.pid");
  auto file = PidFile::acquire(path);
  REQUIRE(file);
  file->release_without_removal();
  CHECK(in_a_child([&] { return !PidFile::holder(path) && access(path.c_str(), F_OK) == 0; }));
}

TEST_CASE("missing_directories_are_made_and_a_hopeless_path_is_an_error") {
  TemporaryDirectory directory;
  REQUIRE(PidFile::acquire(directory.file("a/b/keepalived.pid")));
  const auto hopeless = PidFile::acquire("/proc/nothing/keepalived.pid");
  REQUIRE_FALSE(hopeless);
  CHECK(hopeless.error().code == ENOENT);
}
