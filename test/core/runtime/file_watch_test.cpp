#include "core/runtime/file_watch.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace holdfast;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    char name[] = "/tmp/file_watch_XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name) const { return path / name; }
};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

struct Watcher {
  EventLoop loop;
  struct Seen {
    std::string path;
    std::optional<std::int64_t> value;
    std::string problem;
  };
  std::vector<Seen> seen;
  FileWatch files{loop, [this](const std::string& path, const FileNumber& number) {
                    seen.push_back({path, number.value, number.problem});
                  }};

  /// The next change.
  Seen next() {
    seen.clear();
    REQUIRE(loop.run_until([this] { return !seen.empty(); }, loop.now() + seconds(10)));
    REQUIRE(seen.size() == 1);
    return seen[0];
  }
  bool quiet() {
    seen.clear();
    return !loop.run_until([this] { return !seen.empty(); }, loop.now() + milliseconds(50));
  }
};

}  // namespace

TEST_CASE("the number at the start of a file counts") {
  CHECK(first_number("5\n") == 5);
  CHECK(first_number("  -7 x") == -7);
  CHECK(first_number("+12") == 12);
  CHECK(first_number("0") == 0);
  CHECK(first_number("99999999999999999999") == std::numeric_limits<std::int64_t>::max());
  CHECK(first_number("-99999999999999999999") == std::numeric_limits<std::int64_t>::min());
  CHECK(first_number("0x1f") == 31);
  CHECK(first_number("-0X10\n") == -16);
  CHECK(first_number("010") == 8);
  CHECK(first_number("0xg") == 0);
  CHECK(first_number("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* none : {"--5", "-+5", "", "  \n", "x5", "-", "+", "+-5"}) CHECK_FALSE(first_number(none));
}

TEST_CASE("a file is read when it is watched, and after each change") {
  const Folder folder;
  const std::string path = folder.file("f");
  write(path, "1");
  Watcher watcher;
  REQUIRE(watcher.files.watch(path));
  CHECK(watcher.seen.empty());
  CHECK(watcher.next().value == 1);
  write(path, "2");
  CHECK(watcher.next().value == 2);
  write(path, "2\n");
  CHECK(watcher.quiet());
  watcher.files.unwatch(path);
  write(path, "3");
  CHECK(watcher.quiet());
}

TEST_CASE("a file that is renamed over the old one is seen, and one that goes, and one that comes") {
  const Folder folder;
  const std::string path = folder.file("f");
  Watcher watcher;
  REQUIRE(watcher.files.watch(path));
  CHECK(watcher.next().value == std::nullopt);
  write(folder.file("new"), "8");
  fs::rename(folder.file("new"), path);
  CHECK(watcher.next().value == 8);
  fs::remove(path);
  CHECK(watcher.next().value == std::nullopt);
  write(path, "9");
  CHECK(watcher.next().value == 9);
}

TEST_CASE("files of one folder are told apart") {
  const Folder folder;
  Watcher watcher;
  REQUIRE(watcher.files.watch(folder.file("a")));
  REQUIRE(watcher.files.watch(folder.file("b")));
  REQUIRE(watcher.loop.run_until([&] { return watcher.seen.size() == 2; }, watcher.loop.now() + seconds(5)));
  write(folder.file("b"), "1");
  CHECK(watcher.next().path == folder.file("b"));
  watcher.files.unwatch(folder.file("a"));
  write(folder.file("b"), "2");
  CHECK(watcher.next().value == 2);
}

TEST_CASE("a file behind a link is followed") {
  const Folder folder;
  fs::create_directory(folder.path / "there");
  write(folder.file("there/real"), "4");
  fs::create_symlink(folder.path / "there/real", folder.path / "link");
  Watcher watcher;
  REQUIRE(watcher.files.watch(folder.file("link")));
  CHECK(watcher.next().value == 4);
  write(folder.file("there/real"), "5");
  CHECK(watcher.next().value == 5);
  fs::remove(folder.path / "there/real");
  CHECK(watcher.next().value == std::nullopt);
  write(folder.file("there/real"), "6");
  CHECK(watcher.next().value == 6);  // looked at within a second
}

TEST_CASE("a folder that does not exist yet is waited for") {
  const Folder folder;
  Watcher watcher;
  REQUIRE(watcher.files.watch(folder.file("later/f")));
  CHECK(watcher.next().value == std::nullopt);
  fs::create_directory(folder.path / "later");
  write(folder.file("later/f"), "3");
  CHECK(watcher.next().value == 3);
}

TEST_CASE("what is no file, and what is far too long, does no harm") {
  const Folder folder;
  Watcher watcher;
  REQUIRE(watcher.files.watch(folder.path.string()));
  CHECK(watcher.next().value == std::nullopt);
  REQUIRE(mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  REQUIRE(watcher.files.watch(folder.file("pipe")));
  CHECK(watcher.next().value == std::nullopt);
  write(folder.file("long"), "12 " + std::string(1 << 20, '9'));
  REQUIRE(watcher.files.watch(folder.file("long")));
  CHECK(watcher.next().value == 12);
}

TEST_CASE("why a file has no number is told") {
  const Folder folder;
  CHECK(read_number(folder.file("missing")) == FileNumber{});
  CHECK(read_number(folder.path.string()).problem == "is no regular file");
  CHECK(read_number("/dev/zero").problem == "is no regular file");
  write(folder.file("empty"), "");
  CHECK(read_number(folder.file("empty")) == FileNumber{});
  write(folder.file("text"), "up");
  CHECK(read_number(folder.file("text")).problem == "does not begin with a number");
  Watcher watcher;
  REQUIRE(watcher.files.watch(folder.file("text")));
  CHECK(watcher.next().problem == "does not begin with a number");
  write(folder.file("text"), "1");
  CHECK(watcher.next().problem.empty());
}
