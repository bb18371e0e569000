// The files that are installed, tried in the shell that reads them.
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>
#include <unistd.h>

#include "core/manual/manual.h"
#include "test/support/source_folder.h"

namespace {

namespace fs = std::filesystem;

struct Closed {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

/// What bash prints; `script` holds no single quotes.
std::string bash(const std::string& script) {
  const std::string command = "bash --norc -c '" + script + "' 2>&1";
  const std::unique_ptr<std::FILE, Closed> pipe(popen(command.c_str(), "r"));
  REQUIRE(pipe != nullptr);
  std::string text;
  for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) text += static_cast<char>(c);
  return text;
}

std::string file_of(const std::string& program) {
  return holdfast::source_folder() + "/etc/bash-completion/" + program;
}

/// COMPREPLY when the cursor stands at the end of the last of `words`; the first is the program.
std::set<std::string> replies(const std::string& words) {
  const std::string program = words.substr(0, words.find(' '));
  const std::string text =
      bash(". " + file_of(program) + "; COMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _" +
           program + "; printf \"%s\\n\" \"${COMPREPLY[@]}\"");
  std::istringstream lines(text);
  std::set<std::string> all;
  for (std::string line; std::getline(lines, line);) all.insert(line);
  return all;
}

using Words = std::set<std::string>;

}  // namespace

TEST_CASE("both files can be sourced, and say what they complete") {
  for (const std::string program : {"keepalived", "keepalivedctl"}) {
    CHECK(bash(". " + file_of(program) + "; complete -p " + program) ==
          "complete -o default -F _" + program + " " + program + "\n");
  }
}

TEST_CASE("keepalived completes its options") {
  CHECK(replies("keepalived --config-") == Words{"--config-id", "--config-test"});
  CHECK(replies("keepalived --vr") == Words{"--vrrp", "--vrrp_pid"});
  CHECK(replies("keepalived -l --dump-c") == Words{"--dump-conf"});
  CHECK(replies("keepalived --nosuch") == Words{""});
  const Words all = replies("keepalived \"\"");
  for (const char* option : {"-f", "--use-file", "-n", "--dont-fork", "--print-config"}) CHECK(all.contains(option));
}

TEST_CASE("behind an option that takes a file stand files") {
  const fs::path folder = fs::temp_directory_path() / ("completion_" + std::to_string(getpid()));
  fs::create_directories(folder / "with space");
  std::fclose(std::fopen((folder / "one.conf").c_str(), "w"));
  std::fclose(std::fopen((folder / "two.conf").c_str(), "w"));
  const std::string base = folder.string() + "/";
  CHECK(replies("keepalived -f " + base) == Words{base + "one.conf", base + "two.conf", base + "with space"});
  CHECK(replies("keepalived --use-file " + base + "o") == Words{base + "one.conf"});
  CHECK(replies("keepalived -l " + base) == Words{""});
  CHECK(replies("keepalivedctl -r " + base + "w") == Words{base + "with space"});
  fs::remove_all(folder);
}

TEST_CASE("the value behind an option and '=' is completed too, whether or not the shell parts words there") {
  CHECK(replies("keepalived --config-test = js") == Words{"json"});
  CHECK(replies("keepalived --config-test=js") == Words{"--config-test=json"});
  CHECK(replies("keepalived --signum = STATS") == Words{"STATS", "STATS_CLEAR"});
  CHECK(replies("keepalived --signum REL") == Words{"RELOAD"});
  CHECK(replies("keepalived --log-facility = local7") == Words{"local7"});
  CHECK(replies("keepalived --umask =") == Words{""});
  CHECK(replies("keepalived --use-file = /etc/host.con") == Words{"/etc/host.conf"});
}

TEST_CASE("keepalivedctl completes its subcommands, and behind one its options") {
  CHECK(replies("keepalivedctl st") == Words{"status"});
  CHECK(replies("keepalivedctl w") == Words{"watch"});
  CHECK(replies("keepalivedctl status --") == Words{"--help", "--json"});
  CHECK(replies("keepalivedctl -r /run watch --j") == Words{"--json"});
  const Words all = replies("keepalivedctl \"\"");
  for (const char* word : {"status", "watch", "-h", "--version"}) CHECK(all.contains(word));
}
