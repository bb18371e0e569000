#include "core/config/source.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("braces expand to every alternative, nested ones too") {
  auto found = expand_braces("/etc/{a,b{1,2}}.conf");
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"/etc/a.conf", "/etc/b1.conf", "/etc/b2.conf"});
  CHECK(expand_braces("{x}") == std::vector<std::string>{"{x}"});
  CHECK(expand_braces("{a,b") == std::vector<std::string>{"{a,b"});
}

TEST_CASE("braces that would give millions of names stop early") {
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "{a,b}";
  CHECK(expand_braces(pattern).size() <= 1000);
}

TEST_CASE("files in memory match wildcards inside one folder, sorted") {
  MemoryFileSystem files;
  files.add("d/b.conf", "").add("d/a.conf", "").add("d/e/c.conf", "").add("d/x", "", true);
  CHECK(files.glob("d/*.conf") == std::vector<std::string>{"d/a.conf", "d/b.conf"});
  CHECK(files.glob("d/{b,a}.conf") == std::vector<std::string>{"d/a.conf", "d/b.conf"});
  CHECK(files.glob("none*").empty());
  CHECK(files.inspect("d/x").executable);
  CHECK_FALSE(files.inspect("d").exists);
  CHECK(files.read("gone").error().code == ENOENT);
}

TEST_CASE("the machine's files are read whole, globbed with braces, and told apart from folders and programs") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "holdfast_source_test";
  fs::remove_all(folder);
  fs::create_directories(folder / "sub.conf");
  std::ofstream(folder / "a.conf") << "one\ntwo";
  std::ofstream(folder / "b.conf") << "";
  fs::permissions(folder / "b.conf", fs::perms::owner_all);
  const RealFileSystem files;
  CHECK(*files.read(folder / "a.conf") == "one\ntwo");
  CHECK_FALSE(files.read(folder / "c.conf").ok());
  CHECK(files.glob(folder / "{b,a}.conf").size() == 2);
  CHECK(files.inspect(folder / "a.conf").regular);
  CHECK_FALSE(files.inspect(folder / "a.conf").executable);
  CHECK(files.inspect(folder / "b.conf").executable);
  CHECK_FALSE(files.inspect(folder / "sub.conf").regular);
  fs::remove_all(folder);
}
