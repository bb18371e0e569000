#include "core/config/render.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

TEST_CASE("an error shows place, what, expected, hint, the line and a caret") {
  const Loaded loaded = load_text("global_defs {\n\trouter_idd  x\n}\n");
  REQUIRE(loaded.diagnostics.list().size() == 1);
  CHECK(render(loaded.diagnostics.list()[0], loaded) ==
        "k.conf:2:2: Unknown keyword 'router_idd', expected a keyword of global_defs, did you mean 'router_id'?\n"
        "    \trouter_idd  x\n    \t^");
}

TEST_CASE("the caret counts characters, not octets") {
  const Loaded loaded = load_text("child_wait_time \"\xc3\xa4\" \"\xc3\xa4\" x\n");
  const std::string text = render(loaded.diagnostics.list().back(), loaded);
  CHECK(text.substr(text.rfind('\n') + 1) == std::string(4 + 20, ' ').append("^"));
}

TEST_CASE("the log's line begins as keepalived's") {
  const Loaded loaded = load_text("child_wait_time\n");
  CHECK(render_line(loaded.diagnostics.list()[0], loaded.tree.files)
            .starts_with("(k.conf: Line 1) *** Configuration line starting"));
  Diagnostic nowhere;
  nowhere.text = "whole";
  CHECK(render_line(nowhere, {}) == "whole");
}

TEST_CASE("the exit code is the highest class, and 2 where keepalived would have given up") {
  const auto code = [](std::vector<ErrorClass> classes) {
    Diagnostics all;
    for (const ErrorClass one : classes) all.add({Severity::Error, one, {}, "x", {}, {}});
    return exit_code(all);
  };
  CHECK(code({}) == 0);
  CHECK(code({ErrorClass::None}) == 0);
  CHECK(code({ErrorClass::FatalError}) == 4);
  CHECK(code({ErrorClass::FatalError, ErrorClass::General}) == 5);
  CHECK(code({ErrorClass::General, ErrorClass::ScriptSecurity, ErrorClass::FatalError}) == 6);
  CHECK(code({ErrorClass::ScriptSecurity, ErrorClass::GivenUp}) == 2);
}

TEST_CASE("a diagnostic from a tree that came over a socket is one line") {
  const Loaded loaded = load_text("bad\n");
  Loaded child;
  child.tree = loaded.tree;
  CHECK(render(loaded.diagnostics.list()[0], child) ==
        "k.conf:1:1: Unknown keyword 'bad', expected a keyword of the root");
}
