#include "checker/logic/probes/http.h"

#include <fmt/format.h>

#include "test/support/byte_feeder.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::converse;
using holdfast::test::Outcome;
using holdfast::test::outcome_of;
using holdfast::test::Then;

namespace {

/// A digest good enough to tell bodies apart; libcrypto's is tested in checker/io.
class FoldDigest : public BodyDigest {
 public:
  void add(std::string_view octets) override {
    for (const char c : octets) {
      state_[at_ % 16] = static_cast<char>(state_[at_ % 16] * 31 + c);
      ++at_;
    }
  }
  std::string finish() override { return state_; }

 private:
  std::string state_ = std::string(16, '\0');
  std::size_t at_ = 0;
};

std::array<std::uint8_t, 16> digest_of(std::string_view body) {
  FoldDigest digest;
  digest.add(body);
  const std::string octets = digest.finish();
  std::array<std::uint8_t, 16> made{};
  std::copy(octets.begin(), octets.end(), made.begin());
  return made;
}

struct Check {
  HttpProbe probe;
  std::shared_ptr<ConversationTools> tools = std::make_shared<ConversationTools>();

  Check() {
    tools->md5 = [] { return std::make_unique<FoldDigest>(); };
  }
  Check& digest(std::string_view body) {
    probe.url.digest = digest_of(body);
    return *this;
  }
  Check& codes(std::vector<std::pair<int, int>> ranges) {
    probe.url.status_codes = std::move(ranges);
    return *this;
  }
  Check& regex(std::string pattern, bool must_not_match = false) {
    probe.url.regex = config::HttpRegex{};
    probe.url.regex->pattern = std::move(pattern);
    probe.url.regex->must_not_match = must_not_match;
    return *this;
  }
  std::unique_ptr<StreamConversation> operator()() const {
    return std::make_unique<HttpConversation>(probe, config::CheckEndpoint{}, *tools);
  }
};

Verdict verdict_of(const Check& check, std::string_view answer, Then then = Then::Close) {
  return outcome_of(check, answer, then).verdict;
}

constexpr std::string_view hello = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view hello_until_close = "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello";
constexpr std::string_view hello_chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: u\r\n\r\n";

}  // namespace

TEST_CASE("an answer with a status of the default range is a success") {
  CHECK(verdict_of(Check(), hello, Then::Silence).up());
  CHECK(verdict_of(Check(), hello_until_close).up());
  CHECK(verdict_of(Check(), hello_chunked, Then::Silence).up());
  CHECK(verdict_of(Check(), "HTTP/1.1 204 No Content\r\n\r\n", Then::Silence).up());
  CHECK(verdict_of(Check(), "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", Then::Silence).up());
}

TEST_CASE("the request goes out once, at the beginning") {
  CHECK(outcome_of(Check(), hello).sent == "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 0.0.0.0:0\r\n\r\n");
}

TEST_CASE("a status outside the ranges fails at once, with its number") {
  CHECK(verdict_of(Check(), "HTTP/1.1 503 No\r\nContent-Length: 9999\r\n\r\n", Then::Silence) ==
        Verdict{Failure::HttpStatus, "503"});
  const Check picky = Check().codes({{200, 200}, {301, 302}, {404, 404}});
  for (const auto& [status, up] :
       {std::pair{200, true}, {201, false}, {301, true}, {302, true}, {303, false}, {404, true}}) {
    INFO(status);
    CHECK(verdict_of(picky, fmt::format("HTTP/1.1 {} X\r\nContent-Length: 0\r\n\r\n", status)).up() == up);
  }
}

TEST_CASE("the digest is of the body, or of the body as it was sent") {
  CHECK(verdict_of(Check().digest("hello"), hello).up());
  CHECK(verdict_of(Check().digest("hello"), hello_until_close).up());
  CHECK(verdict_of(Check().digest("hello"), hello_chunked).up());
  CHECK(verdict_of(Check().digest("2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: u\r\n\r\n"), hello_chunked).up());
  const Verdict other = verdict_of(Check().digest("hallo"), hello);
  CHECK(other.failure == Failure::HttpDigest);
  CHECK(other.detail.size() == 32);
  CHECK(verdict_of(Check().digest(""), "HTTP/1.0 200 OK\r\n\r\n").up());
}

TEST_CASE("a status that is wrong is told before a digest that is wrong") {
  CHECK(verdict_of(Check().digest("x"), "HTTP/1.0 404 No\r\n\r\nhello").failure == Failure::HttpStatus);
}

TEST_CASE("the regex must be found in the body, or must not") {
  CHECK(verdict_of(Check().regex("l+o$"), hello_chunked).up());
  CHECK(verdict_of(Check().regex("Server"), hello_until_close) == Verdict{Failure::HttpRegex, "no match"});
  CHECK(verdict_of(Check().regex("h.l", true), hello) == Verdict{Failure::HttpRegex, "matches"});
  CHECK(verdict_of(Check().regex("h.x", true), hello).up());
  CHECK(verdict_of(Check().regex("ell").digest("hello"), hello).up());
  CHECK(verdict_of(Check().regex("ell").digest("other"), hello).failure == Failure::HttpDigest);
}

TEST_CASE("a pattern that is none is our fault, not the server's") {
  CHECK(converse(*Check().regex("(")(), {hello}).verdict.failure == Failure::LocalError);
}

TEST_CASE("a regex looks at the first part of a long body only, and says so when that is not enough") {
  const std::string header = "HTTP/1.0 200 OK\r\n\r\n";
  const std::string filler(kRegexBodyLimit, '.');
  CHECK(converse(*Check().regex("^needle")(), {header, "needle", filler, filler}).verdict.up());
  CHECK(converse(*Check().regex("needle")(), {header, filler, "needle"}).verdict.failure == Failure::TooMuchData);
  Check early = Check().regex("needle");
  early.probe.url.regex->max_offset = 10;
  CHECK(converse(*early(), {header, filler, "needle"}).verdict.failure == Failure::HttpRegex);
}

TEST_CASE("what is no HTTP is malformed, at its first wrong octet") {
  for (const char* answer : {"SSH-2.0-OpenSSH\r\n", "\r\n", "HTTP\r\n\r\n", "220 smtp\r\n", "\x15\x03\x01"}) {
    INFO(answer);
    CHECK(verdict_of(Check(), answer, Then::Silence) == Verdict{Failure::HttpMalformed, "not HTTP"});
  }
  for (const char* answer : {"HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 2xx OK\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    INFO(answer);
    CHECK(verdict_of(Check(), answer, Then::Silence).failure == Failure::HttpMalformed);
  }
}

TEST_CASE("an answer that ends too soon is told apart from none") {
  CHECK(verdict_of(Check(), "") == Verdict{Failure::NoData, ""});
  CHECK(verdict_of(Check(), "HTTP/1.0 200 OK\r\n") == Verdict{Failure::ClosedEarly, "in the header"});
  CHECK(verdict_of(Check(), "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello") ==
        Verdict{Failure::ClosedEarly, "in the body"});
  CHECK(verdict_of(Check(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n") ==
        Verdict{Failure::ClosedEarly, "in the body"});
}

TEST_CASE("an answer that does not come in time says what is missing") {
  CHECK(verdict_of(Check(), "", Then::Silence) == Verdict{Failure::ReadTimeout, "no header"});
  CHECK(verdict_of(Check(), "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello", Then::Silence) ==
        Verdict{Failure::ReadTimeout, "in the body"});
}

TEST_CASE("an endless header is cut at its limit") {
  const std::unique_ptr<StreamConversation> conversation = Check()();
  conversation->on_connected();
  Step step = conversation->on_data("HTTP/1.1 200 OK\r\n");
  std::size_t sent = 0;
  while (!step.verdict && sent < 10 * kHttpHeaderLimit) {
    step = conversation->on_data("X-Filler: 0123456789\r\n");
    sent += 22;
  }
  REQUIRE(step.verdict);
  CHECK(*step.verdict == Verdict{Failure::TooMuchData, "header"});
  CHECK(sent <= kHttpHeaderLimit);
  const std::string one_line = "HTTP/1.1 200 " + std::string(kHttpHeaderLimit, 'x');
  CHECK(converse(*Check()(), {one_line}).verdict == Verdict{Failure::TooMuchData, "header"});
}

TEST_CASE("an endless body is cut at its limit, however it is coded") {
  const std::string piece(65536, 'x');
  for (const std::string& start : {std::string("HTTP/1.0 200 OK\r\n\r\n"),
                                   std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n")}) {
    const std::unique_ptr<StreamConversation> conversation = Check().digest("x")();
    conversation->on_connected();
    Step step = conversation->on_data(start);
    std::uint64_t sent = 0;
    while (!step.verdict && sent < 2 * kHttpBodyLimit) {
      step = conversation->on_data(piece);
      sent += piece.size();
    }
    REQUIRE(step.verdict);
    CHECK(*step.verdict == Verdict{Failure::TooMuchData, "body"});
    CHECK(sent <= kHttpBodyLimit + piece.size());
  }
}
