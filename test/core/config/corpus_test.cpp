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

#include "core/config/packed.h"
#include "test/core/config/corpus_kinds.h"
#include "test/core/config/support.h"
#include "test/support/source_folder.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

namespace {

const fs::path kCorpus = fs::path(holdfast::source_folder()) / "../shared/corpus";

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

/// What 2.2.7 says and we do not, in one file or ("") in all, and why.
struct Unsaid {
  std::string number, kind, why;
};
const std::vector<Unsaid>& unsaid() {
  static const std::vector<Unsaid> table{
      {"", "mail server",
       "a name lookup that failed where the corpus was recorded; nothing is looked up while reading"},
      {"", "iptables", "how Debian's 2.2.7 was built"},
      {"016", "no real servers", "said of the same server, with its protocol in place of 'none'"},
      {"022", "script not found", "the program was missing where the corpus was recorded"},
      {"043", "tracked thing unknown", "scripts that security removes take their trackers along; that is the message"},
      {"130", "tracked thing unknown", "as 043"},
      {"134", "tracked thing unknown", "as 043"},
      {"146", "tracked thing unknown", "as 043"},
      {"144", "unknown keyword", "2.2.7 loses count of the braces at the one-line block of line 55"},
      {"144", "brace", "as above"},
  };
  return table;
}

bool is_unsaid(const std::string& number, const Complaint& theirs) {
  return std::ranges::any_of(unsaid(), [&](const Unsaid& one) {
    return one.kind == theirs.kind && (one.number.empty() || one.number == number);
  });
}

/// Places where 2.2.7 found a keyword or brace it could not take.
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

bool has_syntax_messages(const std::string& number) {
  std::ifstream said(kCorpus / ("keepalived-2.2.7/" + number + ".txt"));
  std::string line;
  while (std::getline(said, line)) {
    const std::uint32_t at = line_number(line);
    if (is_syntax(line) && at != 0) return true;
  }
  return false;
}

Loaded checked(const std::string& number) {
  FakeMachine machine;
  machine.missing_users = {"keepalived_script"};
  machine.missing_interfaces = {"$INTERFACE_NAME", "192.168.200.10",  // could not be created, see 042 and 076
                                "vip"};                               // made by use_vmac of 099
  Loaded loaded = load(RealFileSystem(), kCorpus / ("conf/" + number + ".conf"), {"localhost", false, {}, 0});
  lint_machine(loaded.tree, loaded.config, machine, loaded.diagnostics);
  return loaded;
}

std::set<Complaint> our_complaints(const Loaded& loaded) {
  std::set<Complaint> all;
  for (const Diagnostic& d : loaded.diagnostics.list()) {
    if (d.severity < Severity::Warning) continue;
    if (auto complaint = complaint_of(d.at.line, d.text, true)) all.insert(*std::move(complaint));
  }
  return all;
}

/// Lines of blocks whose head was rejected, or whose braces do not fit: one mistake and one message here, where 2.2.7
/// complains of each line behind it. First and last line.
using Lines = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

void add_rejected(const std::vector<Node>& nodes, std::uint32_t end, const std::set<std::uint32_t>& rejected,
                  Lines& lines) {
  Unpacker unpacker;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::uint32_t next = i + 1 < nodes.size() ? std::max(nodes[i + 1].at.line, nodes[i].at.line + 1) - 1 : end;
    if (rejected.contains(nodes[i].at.line)) lines.emplace_back(nodes[i].at.line, next);
    add_rejected(unpacker.open(nodes[i]).children, next, rejected, lines);
  }
}

Lines rejected_lines(const Loaded& loaded) {
  std::set<std::uint32_t> rejected;
  for (const Diagnostic& d : loaded.diagnostics.list()) {
    if (d.severity >= Severity::Error) rejected.insert(d.at.line);
  }
  Lines lines;
  add_rejected(loaded.tree.roots, ~std::uint32_t{0}, rejected, lines);
  return lines;
}

bool is_cascade(const Lines& rejected, const Complaint& theirs) {
  static const std::set<std::string> kinds{"unknown keyword", "brace", "group entry", "number"};
  if (!kinds.contains(theirs.kind)) return false;
  return std::ranges::any_of(
      rejected, [&](const auto& lines) { return lines.first <= theirs.line && theirs.line <= lines.second; });
}

/// Whether we said it too: at that line, or of that subject where no line is known.
bool said(const std::set<Complaint>& ours, const Complaint& theirs) {
  return std::ranges::any_of(ours, [&](const Complaint& one) {
    // where one mistake gives two messages there, one of them is enough
    const bool same_mistake = theirs.kind == "number" && (one.kind == "address" || one.kind == "group entry");
    if (one.kind != theirs.kind && !same_mistake) return false;
    // said of the first line of the block instead of its last, or of the line that names the script
    if (theirs.kind == "mail" || theirs.kind == "no script" || theirs.kind == "no script user") return true;
    return theirs.line == 0 ? one.subject == theirs.subject : one.line == theirs.line;
  });
}

}  // namespace

TEST_CASE("what keepalived 2.2.7 complains of, at that line, is complained of here") {
  if (!fs::exists(kCorpus)) return;
  for (const Case& one : cases()) {
    const Loaded loaded = checked(one.number);
    const std::set<Complaint> ours = our_complaints(loaded);
    const Lines rejected = rejected_lines(loaded);
    INFO(one.number);
    for (const std::string& message : recorded_messages(kCorpus / ("keepalived-2.2.7/" + one.number + ".txt"))) {
      const auto [line, text] = split_heading(message);
      if (text.starts_with(' ')) continue;  // goes on from the line before
      const auto theirs = complaint_of(line, text, false);
      INFO(message);
      CHECK(theirs);
      if (!theirs) continue;
      if (said(ours, *theirs) || is_cascade(rejected, *theirs) || is_unsaid(one.number, *theirs)) continue;
      FAIL_CHECK("not said here");
    }
  }
}

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
    if (known != disagreements().end() || !has_syntax_messages(one.number)) continue;
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
