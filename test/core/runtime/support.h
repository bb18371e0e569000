// Directories and waiting for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>
#include <unistd.h>

namespace holdfast::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() { REQUIRE(mkdtemp(name_) != nullptr); }
  ~TemporaryDirectory() { std::filesystem::remove_all(name_); }
  std::string file(const std::string& name) const { return std::string(name_) + "/" + name; }

 private:
  char name_[40] = "/tmp/holdfast_runtime_XXXXXX";
};

inline std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace holdfast::test
