#include <catch2/catch.hpp>

#include "core/manual/manual.h"

using namespace holdfast::manual;

namespace {
const std::string kHelp =
    "A program\nUsage: p [OPTIONS] SUBCOMMAND\n\nOptions:\n  -h,--help        Print\n  -f,--use-file FILE  Read\n\n"
    "Subcommands:\n  status           Says\n                   more\n  watch            Shows\n";
}

TEST_CASE("subcommands are the first words of the lines under their heading") {
  CHECK(subcommands(kHelp) == std::vector<std::string>{"status", "watch"});
  CHECK(subcommands("Options:\n  -h  x\n").empty());
}

TEST_CASE("completion offers options and subcommands, and files behind options that take one") {
  const std::string text = completion("p", {{"", kHelp}, {"status", "Options:\n  --json   JSON\n"}});
  CHECK(text.find("*) words='status -h --help -f --use-file'") != std::string::npos);
  CHECK(text.find("status) words='--json'") != std::string::npos);
  CHECK(text.find("-f | --use-file)") != std::string::npos);
}
