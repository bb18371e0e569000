#include "checker/logic/probes/dns_message.h"

#include <catch2/catch.hpp>

using namespace holdfast::checker;
using namespace std::string_literals;

TEST_CASE("the types of the manual page have their numbers") {
  CHECK(dns_type("SOA") == 6);
  CHECK(dns_type("aaaa") == 28);
  for (const char* word : {"A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"}) CHECK(dns_type(word));
  CHECK_FALSE(dns_type("FOO"));
  CHECK_FALSE(dns_type(""));
}

TEST_CASE("a query is one question with recursion desired") {
  CHECK(dns_query(".", 6, 0x1234) == "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\0\0\x06\0\x01"s);
  CHECK(dns_query("a.example", 1, 1) ==
        "\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01"
        "a\x07"
        "example\0\0\x01\0\x01"s);
  CHECK(dns_query("a.example.", 1, 1) == dns_query("a.example", 1, 1));
}

TEST_CASE("a name that is none has no query") {
  CHECK_FALSE(dns_query("a..b", 1, 1));
  CHECK_FALSE(dns_query(std::string(64, 'a'), 1, 1));
  CHECK_FALSE(dns_query(std::string(300, '.'), 1, 1));
}

TEST_CASE("an answer is read to its last record") {
  const std::string good =
      "\0\x07\x81\x80\0\x01\0\x01\0\0\0\0\x01"
      "a\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x05\0\x04\x0a\0\0\x01"s;
  const auto answer = parse_dns_answer(good);
  REQUIRE(answer);
  CHECK(answer->id == 7);
  CHECK(answer->response);
  CHECK(answer->rcode == 0);
  CHECK(answer->whole);
  for (std::size_t size = 0; size < good.size(); ++size) {
    INFO(size);
    const auto cut = parse_dns_answer(std::string_view(good).substr(0, size));
    CHECK(cut.has_value() == (size >= 12));
    if (cut) CHECK_FALSE(cut->whole);
  }
}

TEST_CASE("a loop of compression pointers cannot be read") {
  const auto to_itself = parse_dns_answer("\0\x07\x81\x80\0\x01\0\0\0\0\0\0\xc0\x0c\0\x01\0\x01"s);
  REQUIRE(to_itself);
  CHECK_FALSE(to_itself->whole);
  const auto pair = parse_dns_answer(
      "\0\x07\x81\x80\0\x01\0\0\0\0\0\0\x01"
      "a\xc0\x10\xc0\x0c\0\x01\0\x01"s);
  REQUIRE(pair);
  CHECK_FALSE(pair->whole);
}
