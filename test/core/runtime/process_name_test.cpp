#include "core/runtime/process_name.h"

#include <catch2/catch.hpp>
#include <fstream>

namespace {

std::string comm() {
  std::ifstream file("/proc/self/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

TEST_CASE("ps shows the name, of which the kernel keeps 15 octets") {
  const std::string before = comm();
  holdfast::name_process("averylongnameofprocess");
  CHECK(comm() == "averylongnameof");
  holdfast::name_process(before);
  CHECK(comm() == before);
}
