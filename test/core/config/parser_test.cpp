#include "core/config/parser.h"

#include <catch2/catch.hpp>

#include "core/config/print.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
struct Parsed {
  Tree tree;
  Diagnostics diagnostics;
};
Parsed parse(const std::vector<std::string>& lines) {
  Parsed parsed;
  Parser parser(grammar(), parsed.tree, parsed.diagnostics);
  std::uint32_t number = 0;
  for (const std::string& line : lines) parser.line({line, {++number, 1, 0}, true});
  parser.finish();
  return parsed;
}
std::vector<std::string> texts(const Parsed& parsed) {
  std::vector<std::string> all;
  for (const Diagnostic& d : parsed.diagnostics.list()) {
    all.push_back(std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + " " + d.text);
  }
  return all;
}
using Strings = std::vector<std::string>;
}  // namespace

TEST_CASE("a brace may stand behind the keyword, on its own line, glued, or in one line with all") {
  const std::string wanted = "x y {\n    b c\n}\n";
  CHECK(print(parse({"x y {", "b c", "}"}).tree) == wanted);
  CHECK(print(parse({"x y", "{", "b c", "}"}).tree) == wanted);
  CHECK(print(parse({"x y{", "b c}"}).tree) == wanted);
  CHECK(print(parse({"x y { b c }"}).tree) == wanted);
}

TEST_CASE("a one-liner holds one keyword for each brace piece") {
  const Parsed parsed = parse({"global_defs { router_id A notification_email_from b@c }"});
  CHECK(parsed.tree.roots[0].children.size() == 1);
  CHECK(parsed.tree.roots[0].children[0].words.size() == 4);
}

TEST_CASE("braces inside double quotes are text, inside single quotes they are not") {
  CHECK(parse({"x \"{ }\""}).tree.roots[0].words == Strings{"x", "{ }"});
  CHECK(parse({"x '{ }'"}).tree.roots[0].block);
}

TEST_CASE("every word knows its column") {
  const Parsed parsed = parse({"ab  cd { ef gh"});
  CHECK(parsed.tree.roots[0].columns == std::vector<std::uint16_t>{1, 5});
  CHECK(parsed.tree.roots[0].children[0].columns == std::vector<std::uint16_t>{10, 13});
  CHECK(parsed.tree.roots[0].children[0].at == Location{1, 10, 0});
}

TEST_CASE("script lines keep the command line as one word") {
  CHECK(parse({R"(script "/bin/a 'b c' \"d\"" u g)"}).tree.roots[0].words ==
        Strings{"script", "/bin/a 'b c' \"d\"", "u", "g"});
}

TEST_CASE("a missing opening brace is reported once and what follows is read as the block") {
  const Parsed parsed = parse({"vrrp_instance I {", "virtual_ipaddress", "10.0.0.1", "}", "priority 5", "}"});
  CHECK(texts(parsed) == Strings{"2:1 Missing '{' at beginning of configuration block"});
  CHECK(print(parsed.tree) ==
        "vrrp_instance I {\n    virtual_ipaddress {\n        10.0.0.1\n    }\n    priority 5\n}\n");
}

TEST_CASE("a missing closing brace is found before the next block of the root") {
  const Parsed parsed =
      parse({"vrrp_instance A {", "track_script {", "s", "}", "vrrp_instance B {", "priority 5", "}"});
  CHECK(texts(parsed) == Strings{"5:1 Missing '}' before 'vrrp_instance'"});
  CHECK(parsed.tree.roots.size() == 2);
}

TEST_CASE("surplus braces are reported where they stand") {
  CHECK(texts(parse({"a", "}", "}"})) == Strings{"2:1 Extra '}' found", "3:1 Extra '}' found"});
  CHECK(texts(parse({"{", "a b", "}"})) == Strings{"1:1 Unexpected '{' - ignoring"});
  CHECK(texts(parse({"a {", "{", "b", "}", "}"})) == Strings{"2:1 Unexpected '{' - ignoring"});
}

TEST_CASE("the end of the text with open blocks says how many, and which") {
  const Parsed parsed = parse({"a {", "b {", "c"});
  CHECK(texts(parsed) == Strings{"2:1 There are 2 missing '}'s or extra '{'s"});
  CHECK(parsed.diagnostics.list()[0].expected == "'}' for 'b'");
}

TEST_CASE("an open quote is reported where it opens, and the line is not used") {
  const Parsed parsed = parse({"router_id a \"b c"});
  CHECK(texts(parsed) == Strings{"1:13 Unmatched quote"});
  CHECK(parsed.tree.roots.empty());
}

TEST_CASE("nesting without end is cut off") {
  Parsed parsed;
  Parser parser(grammar(), parsed.tree, parsed.diagnostics);
  for (std::uint32_t i = 1; i < 100'000; ++i) parser.line({"a {", {i, 1, 0}, true});
  parser.finish();
  int depth = 0;
  for (const std::vector<Node>* level = &parsed.tree.roots; !level->empty(); level = &level->back().children) ++depth;
  CHECK(depth < 100);
}
