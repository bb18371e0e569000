#include "checker/logic/probes/smtp.h"

#include "test/support/byte_feeder.h"

using namespace holdfast;
using namespace holdfast::checker;
using holdfast::test::converse;
using holdfast::test::outcome_of;
using holdfast::test::Then;

namespace {

std::unique_ptr<StreamConversation> smtp() {
  return std::make_unique<SmtpConversation>(config::SmtpCheck{"check.example"});
}

Verdict verdict_of(std::string_view answer, Then then = Then::Close) {
  return outcome_of(smtp, answer, then).verdict;
}

}  // namespace

TEST_CASE("a server that greets and answers HELO is up, and is left politely") {
  const auto outcome = outcome_of(smtp, "220 mail ESMTP\r\n250 mail\r\n", Then::Silence);
  CHECK(outcome.verdict.up());
  CHECK(outcome.sent == "HELO check.example\r\nQUIT\r\n");
}

TEST_CASE("replies of several lines, bare codes and bare line feeds are replies") {
  CHECK(verdict_of("220-mail\r\n220-be quiet\r\n220 go\r\n250-mail\r\n250 SIZE\r\n", Then::Silence).up());
  CHECK(verdict_of("220\r\n250\r\n", Then::Silence).up());
  CHECK(verdict_of("220 a\n250 b\n", Then::Silence).up());
}

TEST_CASE("HELO waits for the greeting to end") {
  CHECK(outcome_of(smtp, "220-mail\r\n", Then::Silence).sent.empty());
}

TEST_CASE("another code fails, with the line") {
  CHECK(verdict_of("554 go away\r\n") == Verdict{Failure::SmtpBanner, "554 go away"});
  CHECK(verdict_of("220 mail\r\n501 who\x07?\r\n") == Verdict{Failure::SmtpHelo, "501 who.?"});
}

TEST_CASE("garbage is refused at its first octet that is none of a reply's") {
  CHECK(verdict_of("SSH-2.0-OpenSSH", Then::Silence) == Verdict{Failure::SmtpBanner, "no SMTP reply"});
  CHECK(verdict_of("22x", Then::Silence).failure == Failure::SmtpBanner);
  CHECK(verdict_of("2200 x", Then::Silence).failure == Failure::SmtpBanner);
  CHECK(verdict_of("\r\n", Then::Silence).failure == Failure::SmtpBanner);
  CHECK(verdict_of(std::string_view("220 x\r\n\0", 8), Then::Silence).failure == Failure::SmtpHelo);
}

TEST_CASE("lines of one reply must have one code") {
  CHECK(verdict_of("220-a\r\n250 b\r\n") == Verdict{Failure::SmtpMalformed, "codes differ"});
}

TEST_CASE("an end or a silence says where it was") {
  CHECK(verdict_of("") == Verdict{Failure::NoData, "greeting"});
  CHECK(verdict_of("220-x") == Verdict{Failure::ClosedEarly, "greeting"});
  CHECK(verdict_of("220 x\r\n") == Verdict{Failure::ClosedEarly, "HELO"});
  CHECK(verdict_of("", Then::Silence) == Verdict{Failure::ReadTimeout, "greeting"});
  CHECK(verdict_of("220 x\r\n25", Then::Silence) == Verdict{Failure::ReadTimeout, "HELO"});
}

TEST_CASE("a line or a reply without end is cut") {
  CHECK(verdict_of("220 " + std::string(kSmtpLineLimit, 'x'), Then::Silence) ==
        Verdict{Failure::TooMuchData, "greeting"});
  std::string lines;
  while (lines.size() <= kSmtpReplyLimit) lines += "220-again and again\r\n";
  CHECK(converse(*smtp(), {lines}, Then::Silence).verdict == Verdict{Failure::TooMuchData, "greeting"});
}
