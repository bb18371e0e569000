#include "core/mail/logic/address.h"

#include <catch2/catch.hpp>

using namespace holdfast::mail;

TEST_CASE("an address may stand alone, in brackets, or behind a name") {
  CHECK(parse_address("a@b.org") == Address{"", "a@b.org"});
  CHECK(parse_address("  a@b.org ") == Address{"", "a@b.org"});
  CHECK(parse_address("<a@b.org>") == Address{"", "a@b.org"});
  CHECK(parse_address("Bob Smith <b@y.org>") == Address{"Bob Smith", "b@y.org"});
  CHECK(parse_address("\"Bob, Smith\" < b@y.org >") == Address{"Bob, Smith", "b@y.org"});
  CHECK(parse_address("root") == Address{"", "root"});
}

TEST_CASE("what could not be sent is no address") {
  for (const char* text :
       {"", " ", "<>", "Bob <>", "Bob <b@y.org", "two words", "a\r\nRCPT", "B <a\r\nb>", "a<b>c", "<a>b@c>", "b@c>"})
    CHECK(parse_address(text) == std::nullopt);
  CHECK(parse_address(std::string(321, 'a')) == std::nullopt);
}

TEST_CASE("a name is quoted in a header when it is more than words") {
  CHECK(header_text({"", "a@b"}) == "a@b");
  CHECK(header_text({"Bob Smith", "a@b"}) == "Bob Smith <a@b>");
  CHECK(header_text({"Smith, Bob", "a@b"}) == "\"Smith, Bob\" <a@b>");
  CHECK(header_text({"a \"b\" \\", "a@b"}) == "\"a \\\"b\\\" \\\\\" <a@b>");
  CHECK(header_text({"J\xc3\xbcrgen", "a@b"}) == "J\xc3\xbcrgen <a@b>");
}

TEST_CASE("no control character of a name comes through") {
  CHECK(parse_address("Bob\r\nBcc: x <b@y.org>") == Address{"BobBcc: x", "b@y.org"});
}
