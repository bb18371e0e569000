// 150 configurations that people run (../shared/corpus, not part of the project): what keepalived 2.2.7 accepts we
// accept, what it calls unknown or misplaced we reject with a place. Where the exit codes differ the reason stands in
// the table below and in docs/decisions/configuration-corpus.md.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "test/core/config/support.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

namespace {

const fs::path kCorpus = fs::path(HOLDFAST_SOURCE_DIR) / "../shared/corpus";

/// Our exit code where it is not that of 2.2.7, and why.
struct Disagreement {
  int ours;
  std::string why;
};
const std::map<std::string, Disagreement>& disagreements() {
  static const std::map<std::string, Disagreement> table{
      {"042",
       {6,
        "2.2.7 gives up at the missing interface before it looks at scripts; we report both, and the highest class "
        "wins"}},
  };
  return table;
}

/// Places, in blocks that are not skipped, where 2.2.7 found a keyword or brace it could not take.
bool is_syntax(const std::string& line) {
  for (const char* text : {"Unknown keyword", "Unexpected '{'", "Missing '{'", "Extra '}'", "missing '}'s"}) {
    if (line.find(text) != std::string::npos) return true;
  }
  return false;
}

struct Case {
  std::string number;
  int exit_code = 0;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  std::ifstream table(kCorpus / "expected.tsv");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    Case one;
    fields >> one.number >> one.exit_code;
    all.push_back(one);
  }
  return all;
}

/// The number behind "Line ", or 0.
std::uint32_t line_number(const std::string& text) {
  const std::size_t at = text.find("Line ");
  return at == std::string::npos ? 0 : static_cast<std::uint32_t>(std::atoi(text.c_str() + at + 5));
}

/// Whether a line belongs to a block that this version skips.
bool is_skipped(const Tree& tree, std::uint32_t line) {
  std::string keyword;
  for (const Node& root : tree.roots) {
    if (root.at.line <= line) keyword = root.words.front();
  }
  return keyword == "bfd_instance";
}

bool has_syntax_messages(const std::string& number, const Tree& tree) {
  std::ifstream said(kCorpus / ("keepalived-2.2.7/" + number + ".txt"));
  std::string line;
  while (std::getline(said, line)) {
    const std::uint32_t at = line_number(line);
    if (is_syntax(line) && at != 0 && !is_skipped(tree, at)) return true;
  }
  return false;
}

Loaded checked(const std::string& number) {
  FakeMachine machine;
  machine.missing_users = {"keepalived_script"};
  machine.missing_interfaces = {"$INTERFACE_NAME", "192.168.200.10"};  // could not be created, see 042 and 076
  Loaded loaded = load(RealFileSystem(), kCorpus / ("conf/" + number + ".conf"), {"localhost", false, {}, 0});
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  return loaded;
}

}  // namespace

TEST_CASE("configurations from the field are answered as keepalived 2.2.7 answers them") {
  if (!fs::exists(kCorpus)) {
    std::cout << "corpus_test: " << kCorpus << " is not there, nothing compared\n";
    return;
  }
  for (const Case& one : cases()) {
    const Loaded loaded = checked(one.number);
    INFO(one.number);
    for (const std::string& line : messages(loaded)) UNSCOPED_INFO(line);
    const auto known = disagreements().find(one.number);
    CHECK(exit_code(loaded.diagnostics) == (known == disagreements().end() ? one.exit_code : known->second.ours));
    if (one.exit_code == 0) CHECK_FALSE(loaded.diagnostics.has(Severity::Error));
    if (known != disagreements().end() || !has_syntax_messages(one.number, loaded.tree)) continue;
    const bool placed = std::ranges::any_of(loaded.diagnostics.list(), [](const Diagnostic& d) {
      return d.severity >= Severity::Error && d.at.line > 0 && d.at.column > 0;
    });
    CHECK(placed);
  }
}

TEST_CASE("no place is reported twice with the same words") {
  if (!fs::exists(kCorpus)) return;
  for (const Case& one : cases()) {
    std::vector<std::string> all = messages(checked(one.number), Severity::Note);
    std::sort(all.begin(), all.end());
    INFO(one.number);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }
}
