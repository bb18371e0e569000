// Every test/config/*.conf against its *.expected, literally: what -t prints and its exit code, on a machine that has
// every interface, script and user but those named "missing…". HOLDFAST_REWRITE=1 writes the files anew; read the
// difference.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/core/config/support.h"
#include "test/support/source_folder.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

namespace {

const fs::path kFolder = fs::path(holdfast::source_folder()) / "test/config";

std::string content(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string output_of(const std::string& name, const MemoryFileSystem& files) {
  FakeMachine machine;
  machine.missing_interfaces = {"missing0"};
  machine.missing_users = {"missing_user"};
  machine.missing_scripts = {"/missing/script.sh"};
  machine.insecure_scripts = {"/insecure/script.sh"};
  Loaded loaded = load(files, name, {"node1", false, {}, 0});
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  std::string text;
  for (const Diagnostic& diagnostic : loaded.diagnostics.list()) text += render(diagnostic, loaded) + "\n";
  return text + "exit " + std::to_string(exit_code(loaded.diagnostics)) + "\n";
}

}  // namespace

TEST_CASE("each configuration of test/config is answered as written beside it") {
  MemoryFileSystem files;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() == ".expected") continue;
    files.add(name, content(entry.path()), name.starts_with("program"));
    if (entry.path().extension() == ".conf") names.push_back(name);
  }
  CHECK(names.size() > 45);
  const bool rewrite = std::getenv("HOLDFAST_REWRITE") != nullptr;
  for (const std::string& name : names) {
    const std::string output = output_of(name, files);
    const fs::path expected = (kFolder / name).replace_extension(".expected");
    if (rewrite) std::ofstream(expected, std::ios::binary) << output;
    INFO(name);
    CHECK(output == content(expected));
  }
}
