#include "core/control/command_line.h"

#include <catch2/catch.hpp>

using namespace holdfast::control;

TEST_CASE("status and watch are understood with their options in any place") {
  const auto status = parse_command_line({"--run-dir", "/run/x", "status", "--json"});
  CHECK_FALSE(status.exit_code);
  CHECK(status.options.command == Command::Status);
  CHECK(status.options.json);
  CHECK(status.options.socket() == "/run/x/control.sock");

  const auto watch = parse_command_line({"watch", "--run-dir=/run/y"});
  CHECK_FALSE(watch.exit_code);
  CHECK(watch.options.command == Command::Watch);
  CHECK_FALSE(watch.options.json);
  CHECK(watch.options.run_directory == "/run/y");
}

TEST_CASE("without --run-dir the daemon of the default pid file is asked") {
  CHECK(parse_command_line({"status"}).options.socket() == "/run/keepalived/control.sock");
}

TEST_CASE("help and version go to standard output and end well") {
  for (const char* option : {"--help", "-h", "--version", "-V"}) {
    const auto parsed = parse_command_line({option});
    CHECK(parsed.exit_code == kExitDone);
    CHECK_FALSE(parsed.standard_output.empty());
    CHECK(parsed.standard_error.empty());
  }
}

TEST_CASE("wrong usage is exit code 3 and says why on standard error") {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{}, Words{"stop"}, Words{"status", "--yaml"}, Words{"status", "extra"}, Words{"--run-dir"}}) {
    const auto parsed = parse_command_line(words);
    CHECK(parsed.exit_code == kExitUsage);
    CHECK(parsed.standard_output.empty());
    CHECK_FALSE(parsed.standard_error.empty());
  }
}
