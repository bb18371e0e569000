#include "core/mail/logic/outbox.h"

#include <catch2/catch.hpp>

#include "core/base/time.h"

using namespace holdfast;
using namespace holdfast::mail;

namespace {

const TimePoint kNow = from_us(1'000'000);

Alert alert(const std::string& subject) {
  return {subject, "body", 0};
}

std::vector<std::string> subjects(const std::vector<Alert>& batch) {
  std::vector<std::string> names;
  for (const Alert& one : batch) names.push_back(one.subject);
  return names;
}

std::vector<std::string> said(Outbox& outbox) {
  std::vector<std::string> texts;
  for (const OutboxLine& line : outbox.take_lines()) texts.push_back(line.text);
  return texts;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("mails leave in their order, several at once, one mailer at a time") {
  Outbox outbox({500, 2, seconds(5)});
  for (const char* name : {"a", "b", "c"}) outbox.add(alert(name));
  CHECK(outbox.next_deadline() <= kNow);
  CHECK(subjects(outbox.take_batch(kNow)) == Names{"a", "b"});
  CHECK(outbox.at_work());
  CHECK(outbox.next_deadline() == std::nullopt);
  CHECK(outbox.take_batch(kNow).empty());
  outbox.sent(0);
  outbox.sent(1);
  outbox.ended("", kNow);
  CHECK(said(outbox) == Names{"SMTP alert successfully sent.", "SMTP alert successfully sent."});
  CHECK(subjects(outbox.take_batch(kNow)) == Names{"c"});
  outbox.sent(0);
  outbox.ended("", kNow);
  CHECK(outbox.empty());
  CHECK(outbox.next_deadline() == std::nullopt);
}

TEST_CASE("what could not be sent is tried once more, in its order, after a pause") {
  Outbox outbox;
  for (const char* name : {"a", "b", "c"}) outbox.add(alert(name));
  outbox.take_batch(kNow);
  outbox.sent(1);
  outbox.add(alert("d"));
  outbox.ended("server m port 25, connecting: refused", kNow);
  CHECK(said(outbox).back() ==
        "2 SMTP alerts could not be sent, trying again in 5 seconds: server m port 25, connecting: refused");
  CHECK(outbox.next_deadline() == kNow + seconds(5));
  CHECK(outbox.take_batch(kNow + milliseconds(4999)).empty());
  CHECK(subjects(outbox.take_batch(kNow + seconds(5))) == Names{"a", "c", "d"});
  outbox.ended("still refused", kNow + seconds(5));
  CHECK(said(outbox) == Names{"SMTP alert \"a\" could not be sent, given up: still refused",
                              "SMTP alert \"c\" could not be sent, given up: still refused",
                              "1 SMTP alert could not be sent, trying again in 5 seconds: still refused"});
  CHECK(subjects(outbox.take_batch(kNow + seconds(10))) == Names{"d"});
}

TEST_CASE("a letter that the server refused says its own reason") {
  Outbox outbox;
  outbox.add(alert("a"));
  outbox.take_batch(kNow);
  outbox.refused(0, "MAIL FROM: 553 you");
  outbox.ended("the mailer ended", kNow);
  CHECK(said(outbox) == Names{"1 SMTP alert could not be sent, trying again in 5 seconds: MAIL FROM: 553 you"});
  outbox.take_batch(kNow + seconds(5));
  outbox.refused(0, "MAIL FROM: 553 you");
  outbox.ended("the mailer ended", kNow + seconds(5));
  CHECK(said(outbox) == Names{"SMTP alert \"a\" could not be sent, given up: MAIL FROM: 553 you"});
  CHECK(outbox.empty());
}

TEST_CASE("a full outbox loses its oldest, says so once and counts") {
  Outbox outbox({3, 50, seconds(5)});
  for (const char* name : {"a", "b", "c", "d", "e"}) outbox.add(alert(name));
  CHECK(said(outbox) == Names{"3 SMTP alerts wait to be sent: the oldest are dropped from now on"});
  CHECK(outbox.size() == 3);
  CHECK(subjects(outbox.take_batch(kNow)) == Names{"c", "d", "e"});
  for (std::size_t i = 0; i < 3; ++i) outbox.sent(i);
  outbox.ended("", kNow);
  CHECK(said(outbox).back() == "2 SMTP alerts were dropped because too many waited");
}

TEST_CASE("a mailer that reports nonsense harms nothing") {
  Outbox outbox;
  outbox.sent(0);
  outbox.refused(7, "x");
  outbox.ended("nothing was under way", kNow);
  CHECK(outbox.empty());
  outbox.add(alert("a"));
  outbox.take_batch(kNow);
  outbox.sent(0);
  outbox.sent(0);
  outbox.sent(1);
  CHECK(said(outbox).size() == 1);
}

TEST_CASE("when no mail can be sent any more what waits is dropped with a word") {
  Outbox outbox;
  outbox.drop_all("nothing there");
  CHECK(said(outbox).empty());
  outbox.add(alert("a"));
  outbox.drop_all("the daemon ends");
  CHECK(said(outbox) == Names{"1 SMTP alert was not sent: the daemon ends"});
  CHECK(outbox.empty());
}
