// holdfast_manual FOLDER: writes what is made of the tables of the language and of the programs' options into a copy of the
// tree; --check says which of those files in the tree differ, and then exits 1.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "core/control/command_line.h"
#include "core/manual/manual.h"
#include "core/watchdog/command_line.h"

namespace {

namespace fs = std::filesystem;
using namespace holdfast;

std::vector<manual::Help> control_helps() {
  std::vector<manual::Help> helps{{"", control::parse_command_line({"--help"}).standard_output}};
  for (const std::string& command : manual::subcommands(helps.front().text)) {
    helps.push_back({command, control::parse_command_line({command, "--help"}).standard_output});
  }
  return helps;
}

/// File in the tree → its text.
std::map<std::string, std::string> made() {
  const std::vector<config::CatalogueBlock> blocks = config::catalogue();
  const std::vector<manual::Help> daemon{{"", watchdog::parse_command_line({"--help"}).standard_output}};
  return {{"docs/reference/keepalived.conf.md", manual::reference(blocks)},
          {"docs/man/keepalived.conf.5", manual::man_page(blocks)},
          {"etc/bash-completion/keepalived", manual::completion("keepalived", daemon)},
          {"etc/bash-completion/keepalivedctl", manual::completion("keepalivedctl", control_helps())}};
}

std::string content(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

int check(const fs::path& tree) {
  int stale = 0;
  for (const auto& [name, text] : made()) {
    if (content(tree / name) == text) continue;
    std::cerr << name << " is stale: run holdfast_manual " << tree.string() << "\n";
    stale = 1;
  }
  return stale;
}

int write(const fs::path& tree) {
  for (const auto& [name, text] : made()) {
    fs::create_directories((tree / name).parent_path());
    std::ofstream file(tree / name, std::ios::binary);
    file << text;
    if (!file.flush()) {
      std::cerr << "cannot write " << (tree / name).string() << "\n";
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 2 && words[0] == "--check") return check(words[1]);
  if (words.size() == 1 && !words[0].starts_with('-')) return write(words[0]);
  std::cerr << "holdfast_manual [--check] TREE\n";
  return 2;
}
