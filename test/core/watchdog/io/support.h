// Directories, small file systems and a user who is not root, for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sched.h>
#include <stdlib.h>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace holdfast::test {

inline constexpr unsigned kNobody = 65534;

class TemporaryDirectory {
 public:
  TemporaryDirectory() { REQUIRE(mkdtemp(name_) != nullptr); }
  ~TemporaryDirectory() { std::filesystem::remove_all(name_); }
  std::string path() const { return name_; }
  std::string file(const std::string& name) const { return std::string(name_) + "/" + name; }

 private:
  char name_[32] = "/tmp/holdfast_io_XXXXXX";
};

inline std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_file(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  REQUIRE(chmod(path.c_str(), mode) == 0);
}
inline mode_t mode_of(const std::string& path) {
  struct stat st {};
  REQUIRE(lstat(path.c_str(), &st) == 0);
  return st.st_mode & 07777;
}

/// Exit status of `what` run in a child process.
inline int in_child(const std::function<int()>& what) {
  const pid_t pid = fork();
  if (pid == 0) _exit(what());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs `what` with a tmpfs of 16 KiB on `directory`, in a mount namespace that ends with it.
inline int with_tiny_disk(const std::string& directory, const std::function<int()>& what) {
  return in_child([&] {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 100;
    if (mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=16k,mode=700") != 0) return 101;
    return what();
  });
}

}  // namespace holdfast::test
