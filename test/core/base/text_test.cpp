#include "core/base/text.h"

#include <catch2/catch.hpp>

using namespace holdfast;

TEST_CASE("edit distance counts insertions, deletions and substitutions") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("priority", "prioritty") == 1);
  CHECK(edit_distance("state", "state") == 0);
}

TEST_CASE("the nearest candidate wins, and nothing that is too far") {
  const std::vector<std::string_view> keywords{"priority", "preempt", "state", "interface"};
  CHECK(nearest("prority", keywords) == "priority");
  CHECK(nearest("stat", keywords) == "state");
  CHECK(nearest("statu", keywords) == "state");
  CHECK(nearest("banana", keywords).empty());
  CHECK(nearest("", keywords).empty());
  CHECK(nearest("x", {}).empty());
}

TEST_CASE("words are split at blanks and tabs, and joined again") {
  CHECK(split_words("").empty());
  CHECK(split_words(" \t ").empty());
  CHECK(split_words("  a\tbc  d ") == std::vector<std::string>{"a", "bc", "d"});
  CHECK(join({}, ", ").empty());
  CHECK(join({"a"}, ", ") == "a");
  CHECK(join({"a", "b", "a"}, ", ") == "a, b, a");
}

TEST_CASE("octets that are no UTF-8 are replaced, everything else stays") {
  CHECK(holdfast::as_utf8("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(holdfast::as_utf8("caf\xe9") == "caf\xef\xbf\xbd");
  CHECK(holdfast::as_utf8("\xc0\xaf") == "\xef\xbf\xbd\xef\xbf\xbd");  // overlong
  CHECK(holdfast::as_utf8("\xed\xa0\x80").size() == 9);                // a surrogate
  CHECK(holdfast::as_utf8("\xe2\x82") == "\xef\xbf\xbd\xef\xbf\xbd");  // cut short
}
