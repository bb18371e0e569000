#include "checker/logic/probes/regex.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::checker;

namespace {

config::HttpRegex rule(std::string pattern, std::vector<std::string> options = {}) {
  config::HttpRegex made;
  made.pattern = std::move(pattern);
  made.options = std::move(options);
  return made;
}

bool matches(const config::HttpRegex& wanted, std::string_view body) {
  const auto regex = CompiledRegex::compile(wanted);
  INFO(wanted.pattern << (regex ? "" : ": " + regex.error().message));
  REQUIRE(regex);
  const Result<bool> found = (*regex)->matches(body);
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("a pattern matches anywhere in the body") {
  CHECK(matches(rule("st.te"), "the state is good"));
  CHECK_FALSE(matches(rule("st.te$"), "the state is good"));
  CHECK(matches(rule(""), ""));
}

TEST_CASE("every option of the manual page is known") {
  for (const char* word : {"allow_empty_class", "alt_bsux",
                           "auto_callout",      "caseless",
                           "dollar_endonly",    "dotall",
                           "dupnames",          "extended",
                           "firstline",         "match_unset_backref",
                           "multiline",         "never_ucp",
                           "never_utf",         "no_auto_capture",
                           "no_auto_possess",   "no_dotstar_anchor",
                           "no_start_optimize", "ucp",
                           "ungreedy",          "utf",
                           "never_backslash_c", "alt_circumflex",
                           "alt_verbnames",     "use_offset_limit"}) {
    INFO(word);
    CHECK(matches(rule("a", {word}), "cba"));
  }
  CHECK_FALSE(CompiledRegex::compile(rule("a", {"quickly"})));
}

TEST_CASE("options change what matches") {
  CHECK_FALSE(matches(rule("good"), "GOOD"));
  CHECK(matches(rule("good", {"caseless"}), "GOOD"));
  CHECK_FALSE(matches(rule("a.b"), "a\nb"));
  CHECK(matches(rule("a.b", {"dotall"}), "a\nb"));
  CHECK_FALSE(matches(rule("^b"), "a\nb"));
  CHECK(matches(rule("^b", {"multiline"}), "a\nb"));
  CHECK(matches(rule("^.$", {"utf"}), "\xc3\xa4"));
  CHECK_FALSE(matches(rule("^.$"), "\xc3\xa4"));
}

TEST_CASE("octets that are no UTF-8 do not match, and are no error") {
  CHECK_FALSE(matches(rule("^.$", {"utf"}), "\xff"));
  CHECK(matches(rule("ok", {"utf"}), "\xff\xfe ok"));
}

TEST_CASE("offsets bound where a match may start") {
  config::HttpRegex wanted = rule("x");
  wanted.min_offset = 3;
  CHECK_FALSE(matches(wanted, "x--"));
  CHECK_FALSE(matches(wanted, "x"));
  CHECK(matches(wanted, "---x"));
  wanted.min_offset = 0;
  wanted.max_offset = 3;
  CHECK(matches(wanted, "--x"));
  CHECK_FALSE(matches(wanted, "---x"));
}

TEST_CASE("a stack of its own serves a deep pattern") {
  config::HttpRegex wanted = rule("^(a|b(?1)c)+$");
  wanted.stack_start = 1024;
  wanted.stack_max = 1 << 20;
  CHECK(matches(wanted, std::string(2000, 'b') + "a" + std::string(2000, 'c')));
}

TEST_CASE("a search that takes too long is given up") {
  const auto regex = CompiledRegex::compile(rule("^(a+)+$"));
  REQUIRE(regex);
  const Result<bool> found = (*regex)->matches(std::string(64, 'a') + "b");
  CHECK((!found || !*found));
}

TEST_CASE("a pattern that is none says where") {
  const auto regex = CompiledRegex::compile(rule("a(b"));
  REQUIRE_FALSE(regex);
  CHECK(regex.error().message.find("at offset 3") != std::string::npos);
}

TEST_CASE("a pattern is compiled once, and forgotten when nobody uses it") {
  RegexCache cache;
  const auto first = cache.get(rule("a"));
  REQUIRE(first);
  CHECK((*cache.get(rule("a"))).get() == first->get());
  CHECK((*cache.get(rule("a", {"caseless"}))).get() != first->get());
  for (int i = 0; i < 1000; ++i) CHECK(cache.get(rule("p" + std::to_string(i))).ok());
  CHECK(cache.size() <= 64);
  CHECK((*cache.get(rule("a"))).get() == first->get());
  CHECK_FALSE(cache.get(rule("(")));
}
