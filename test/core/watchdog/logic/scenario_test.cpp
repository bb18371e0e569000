// Every file of test/scenarios/watchdog must come out as it is written. HOLDFAST_REWRITE=1 writes what came out instead; look
// at the difference before committing it.
#include "test/core/watchdog/logic/scenario.h"

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

TEST_CASE("every watchdog scenario comes out as written") {
  const bool rewrite = std::getenv("HOLDFAST_REWRITE") != nullptr;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HOLDFAST_SOURCE_DIR "/test/scenarios/watchdog")) {
    if (entry.path().extension() != ".txt") continue;
    ++files;
    INFO(entry.path().string());
    const std::string text = read(entry.path());
    const std::string result = holdfast::test::run_watchdog_scenario(text);
    if (rewrite)
      std::ofstream(entry.path()) << result;
    else
      CHECK(result == text);
  }
  CHECK(files >= 25);
}
