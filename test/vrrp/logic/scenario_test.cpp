// Every file of test/scenarios/vrrp must come out as it is written. HOLDFAST_REWRITE=1 writes what came out instead;
// look at the difference before committing it.
#include "test/support/scenario.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("every scenario file comes out as written") {
  const bool rewrite = std::getenv("HOLDFAST_REWRITE") != nullptr;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HOLDFAST_SOURCE_DIR "/test/scenarios/vrrp")) {
    if (entry.path().extension() != ".txt") continue;
    ++files;
    INFO(entry.path().string());
    const std::string text = read(entry.path());
    const std::string result = holdfast::test::run_scenario(text);
    if (rewrite)
      std::ofstream(entry.path()) << result;
    else
      CHECK(result == text);
  }
  CHECK(files >= 30);
}
