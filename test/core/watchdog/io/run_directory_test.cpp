#include "core/watchdog/io/run_directory.h"

#include "test/core/watchdog/io/support.h"

using namespace holdfast;
using namespace holdfast::test;
using namespace holdfast::watchdog;

TEST_CASE("the directory is made private, its parents are not") {
  TemporaryDirectory directory;
  REQUIRE(prepare_run_directory(directory.file("a/b/core.pid.d")));
  CHECK(mode_of(directory.file("a")) == 0755);
  CHECK(mode_of(directory.file("a/b/core.pid.d")) == 0700);
  CHECK(prepare_run_directory(directory.file("a/b/core.pid.d")));
}

TEST_CASE("one that others may write to is closed to them") {
  TemporaryDirectory directory;
  std::filesystem::create_directory(directory.file("d"));
  REQUIRE(chmod(directory.file("d").c_str(), 0777) == 0);
  REQUIRE(prepare_run_directory(directory.file("d")));
  CHECK((mode_of(directory.file("d")) & 022) == 0);
}

TEST_CASE("what is not a directory of ours is refused") {
  TemporaryDirectory directory;
  write_file(directory.file("file"), "");
  CHECK_FALSE(prepare_run_directory(directory.file("file")));
  std::filesystem::create_directory(directory.file("theirs"));
  REQUIRE(chown(directory.file("theirs").c_str(), kNobody, kNobody) == 0);
  CHECK_FALSE(prepare_run_directory(directory.file("theirs")));
  std::filesystem::create_directory(directory.file("ours"));
  std::filesystem::create_symlink(directory.file("ours"), directory.file("link"));
  CHECK_FALSE(prepare_run_directory(directory.file("link")));
}

TEST_CASE("a cookie is made once and found again") {
  TemporaryDirectory directory;
  const auto first = load_or_make_cookie(directory.file("cookie"));
  REQUIRE(first);
  CHECK(first->size() == 32);
  CHECK(mode_of(directory.file("cookie")) == 0600);
  CHECK(*load_or_make_cookie(directory.file("cookie")) == *first);
  TemporaryDirectory other;
  CHECK(*load_or_make_cookie(other.file("cookie")) != *first);
}

TEST_CASE("a cookie that others could have read, a short one, and a symlink are replaced") {
  TemporaryDirectory directory;
  const std::string path = directory.file("cookie");
  const auto first = load_or_make_cookie(path);
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  const auto second = load_or_make_cookie(path);
  CHECK(*second != *first);
  write_file(path, "short");
  CHECK(load_or_make_cookie(path)->size() == 32);
  std::filesystem::remove(path);
  write_file(directory.file("known"), std::string(32, '0'));
  std::filesystem::create_symlink(directory.file("known"), path);
  CHECK(*load_or_make_cookie(path) != std::string(32, '0'));
  CHECK(content(directory.file("known")) == std::string(32, '0'));
}

TEST_CASE("a place that cannot be written to is named") {
  const auto cookie = load_or_make_cookie("/proc/nowhere/cookie");
  REQUIRE_FALSE(cookie);
  CHECK(cookie.error().message.find("/proc/nowhere/cookie") != std::string::npos);
  CHECK_FALSE(prepare_run_directory("/proc/nowhere/d"));
}
