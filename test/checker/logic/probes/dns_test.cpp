#include "checker/logic/probes/dns.h"

#include "test/support/byte_feeder.h"

using namespace holdfast;
using namespace holdfast::checker;
using namespace std::string_literals;

namespace {

std::optional<Verdict> verdict_of(const std::string& datagram) {
  return DnsConversation({}, 0x1234).on_datagram(datagram);
}

const std::string question = "\0\0\x06\0\x01"s;

/// An answer about the root with these flags.
std::string answer(const std::string& flags) {
  return "\x12\x34"s + flags + "\0\x01\0\0\0\0\0\0"s + question;
}

}  // namespace

TEST_CASE("the query asks for what the check says") {
  CHECK(DnsConversation({}, 0x1234).request() == "\x12\x34\x01\0\0\x01\0\0\0\0\0\0"s + question);
  CHECK(DnsConversation({"A", "a"}, 1).request() ==
        "\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01"
        "a\0\0\x01\0\x01"s);
  CHECK(DnsConversation({"NOPE", "a"}, 1).request().empty());
}

TEST_CASE("an answer with rcode 0 is a success, also a truncated or an empty one") {
  for (const std::string& flags : {"\x81\x80"s, "\x83\x80"s, "\x80\x00"s})
    CHECK(verdict_of(answer(flags)) == Verdict{});
}

TEST_CASE("another rcode fails, with its number") {
  CHECK(verdict_of(answer("\x81\x82"s)) == Verdict{Failure::DnsRcode, "rcode 2"});
  CHECK(verdict_of(answer("\x81\x83"s)) == Verdict{Failure::DnsRcode, "rcode 3"});
}

TEST_CASE("an answer to somebody else is not for us") {
  std::string other = answer("\x81\x80"s);
  other[0] = 0;
  CHECK_FALSE(verdict_of(other));
}

TEST_CASE("a query, a cut message and a compression loop are malformed") {
  CHECK(verdict_of(answer("\x01\x00"s)) == Verdict{Failure::DnsMalformed, "not an answer"});
  CHECK(verdict_of("\x12"s) == Verdict{Failure::DnsMalformed, "shorter than a header"});
  const std::string good = answer("\x81\x80"s);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto verdict = verdict_of(good.substr(0, size));
    REQUIRE(verdict);
    CHECK(verdict->failure == Failure::DnsMalformed);
  }
  CHECK(verdict_of("\x12\x34\x81\x80\0\x01\0\0\0\0\0\0\xc0\x0c\0\x06\0\x01"s) ==
        Verdict{Failure::DnsMalformed, "a record cannot be read"});
}

TEST_CASE("no DNS answer in time is a failure") {
  CHECK(DnsConversation({}, 1).on_timeout().failure == Failure::ReadTimeout);
}
