// Scenario files: blocks of commands, a line of four dashes, and the output that must follow, up to an empty line. What a command
// means is the interpreter's business (one class per language: execute(line), take_output()); this file walks through the
// blocks, and compares all files of a folder. HOLDFAST_REWRITE=1 writes what came out instead; look at the difference before
// committing it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "test/support/source_folder.h"

namespace holdfast::test {

/// The text with the output that really came. Equal text = the scenario holds.
template <class Interpreter>
std::string run_blocks(Interpreter& interpreter, const std::string& text) {
  std::string result;
  bool in_output = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (in_output) {
      if (!line.empty()) continue;
      in_output = false;
    }
    result += line + "\n";
    if (line == "----") {
      result += interpreter.take_output();
      in_output = true;
      continue;
    }
    try {
      interpreter.execute(line);
    } catch (const std::exception& error) {
      result += "ERROR in this line: " + std::string(error.what()) + "\n";
    }
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

/// Every file of test/scenarios/FOLDER must come out as it is written, and there must be `at_least` of them.
template <class Run>
void check_scenario_files(const std::string& folder, Run run, int at_least) {
  const bool rewrite = std::getenv("HOLDFAST_REWRITE") != nullptr;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/test/scenarios/" + folder)) {
    if (entry.path().extension() != ".txt") continue;
    ++files;
    INFO(entry.path().string());
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const std::string result = run(text.str());
    if (rewrite)
      std::ofstream(entry.path()) << result;
    else
      CHECK(result == text.str());
  }
  CHECK(files >= at_least);
}

}  // namespace holdfast::test
