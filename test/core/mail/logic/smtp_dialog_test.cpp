#include "core/mail/logic/smtp_dialog.h"

#include <catch2/catch.hpp>
#include <map>

using namespace holdfast::mail;
using Kind = SmtpNews::Kind;

namespace {

constexpr const char* kGood = "220 hi\r\n250 helo\r\n250 from\r\n250 to\r\n354 go\r\n250 taken\r\n221 bye\r\n";

SmtpEnvelope envelope(std::vector<std::string> recipients = {"a@x"}) {
  return {"us", "me@x", std::move(recipients)};
}

struct Course {
  std::string sent;
  std::vector<SmtpNews> news;
  bool over = false;
};

Course converse(std::string_view answers, std::size_t piece, std::vector<std::string> recipients,
                std::vector<std::string> letters) {
  SmtpDialog dialog(envelope(std::move(recipients)), std::move(letters));
  Course course;
  for (std::size_t at = 0; at < answers.size() && !course.over; at += piece) {
    SmtpTurn turn = dialog.on_data(answers.substr(at, piece));
    course.sent += turn.send;
    course.news.insert(course.news.end(), turn.news.begin(), turn.news.end());
    course.over = turn.over;
  }
  return course;
}

/// However the answers are cut, the course is the same.
Course converse(std::string_view answers, std::vector<std::string> recipients = {"a@x"},
                std::vector<std::string> letters = {"one\r\n"}) {
  Course whole = converse(answers, answers.size(), recipients, letters);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 50U}) {
    const Course cut = converse(answers, piece, recipients, letters);
    CHECK(cut.sent == whole.sent);
    CHECK(cut.news == whole.news);
    CHECK(cut.over == whole.over);
  }
  return whole;
}

}  // namespace

TEST_CASE("a letter is handed in as behaviour.md f.6 says") {
  const Course course = converse(kGood, {"a@x"}, {"Subject: s\r\n\r\n.dot\r\n"});
  CHECK(course.sent ==
        "HELO us\r\nMAIL FROM:<me@x>\r\nRCPT TO:<a@x>\r\nDATA\r\nSubject: s\r\n\r\n..dot\r\n.\r\nQUIT\r\n");
  CHECK(course.news == std::vector<SmtpNews>{{Kind::Sent, 0, SmtpStep::Text, "", ""}});
  CHECK(course.over);
}

TEST_CASE("the client speaks only when it was greeted") {
  SmtpDialog dialog(envelope(), {"x\r\n"});
  CHECK(dialog.on_data("220-welcome\r\n").send.empty());
  const SmtpTurn turn = dialog.on_data("220 now\r\n");
  CHECK(turn.send == "HELO us\r\n");
  CHECK(turn.step_done);
  CHECK(dialog.step() == SmtpStep::Hello);
}

TEST_CASE("answers of several lines are one answer") {
  const Course course =
      converse("220-a\r\n220 b\r\n250-us\r\n250-SIZE\r\n250 HELP\r\n250 k\r\n250 k\r\n354 go\r\n250 k\r\n221 x\r\n");
  REQUIRE(course.news.size() == 1);
  CHECK(course.news[0].kind == Kind::Sent);
}

TEST_CASE("several letters go over one connection, in order") {
  const Course course =
      converse("220 \r\n250 \r\n250 \r\n250 \r\n354 \r\n250 \r\n250 \r\n250 \r\n354 \r\n250 \r\n221 \r\n", {"a@x"},
               {"one\r\n", "two\r\n"});
  CHECK(course.sent ==
        "HELO us\r\nMAIL FROM:<me@x>\r\nRCPT TO:<a@x>\r\nDATA\r\none\r\n.\r\n"
        "MAIL FROM:<me@x>\r\nRCPT TO:<a@x>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n");
  REQUIRE(course.news.size() == 2);
  CHECK(course.news[1].letter == 1);
  CHECK(course.over);
}

TEST_CASE("one refused recipient does not lose the others the mail") {
  const Course course =
      converse("220 \r\n250 \r\n250 \r\n550 who\r\n250 \r\n251 \r\n354 \r\n250 \r\n221 \r\n", {"a@x", "b@x", "c@x"});
  CHECK(course.news == std::vector<SmtpNews>{{Kind::RecipientRefused, 0, SmtpStep::Recipient, "550 who", "a@x"},
                                             {Kind::Sent, 0, SmtpStep::Text, "", ""}});
  CHECK(course.sent.find("RCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n") != std::string::npos);
}

TEST_CASE("a letter that nobody may get is refused, and the next one follows") {
  const Course course = converse(
      "220 \r\n250 \r\n250 \r\n550 no\r\n450 later\r\n250 reset\r\n250 \r\n250 \r\n250 \r\n354 \r\n250 \r\n221 \r\n",
      {"a@x", "b@x"}, {"one\r\n", "two\r\n"});
  REQUIRE(course.news.size() == 4);
  CHECK(course.news[2] == SmtpNews{Kind::Refused, 0, SmtpStep::Recipient, "450 later", ""});
  CHECK(course.news[3] == SmtpNews{Kind::Sent, 1, SmtpStep::Text, "", ""});
  CHECK(course.sent.find("RSET\r\nMAIL FROM:<me@x>\r\n") != std::string::npos);
  CHECK(course.sent.find("one") == std::string::npos);
}

TEST_CASE("each step can be refused") {
  const std::map<SmtpStep, std::string> courses{
      {SmtpStep::Sender, "220 \r\n250 \r\n553 you\r\n221 \r\n"},
      {SmtpStep::Recipient, "220 \r\n250 \r\n250 \r\n553 you\r\n221 \r\n"},
      {SmtpStep::Data, "220 \r\n250 \r\n250 \r\n250 \r\n553 you\r\n221 \r\n"},
      {SmtpStep::Text, "220 \r\n250 \r\n250 \r\n250 \r\n354 \r\n553 you\r\n221 \r\n"}};
  for (const auto& [step, answers] : courses) {
    const Course course = converse(answers);
    INFO(step_word(step));
    REQUIRE(!course.news.empty());
    CHECK(course.news.back() == SmtpNews{Kind::Refused, 0, step, "553 you", ""});
    CHECK(course.sent.ends_with("QUIT\r\n"));
    CHECK(course.over);
  }
}

TEST_CASE("a server that does not want us at all ends it") {
  for (const char* answers : {"554 go away\r\n", "250 wrong\r\n", "220 hi\r\n502 what\r\n", "220 hi\r\n421 closing\r\n",
                              "SSH-2.0-OpenSSH\r\n"}) {
    const Course course = converse(answers);
    INFO(answers);
    REQUIRE(course.news.size() == 1);
    CHECK(course.news[0].kind == Kind::Broken);
    CHECK(course.over);
  }
}

TEST_CASE("421 ends it at any time") {
  const Course course = converse("220 \r\n250 \r\n250 \r\n421 shutting down\r\n250 \r\n");
  CHECK(course.news == std::vector<SmtpNews>{{Kind::Broken, 0, SmtpStep::Recipient, "421 shutting down", ""}});
}

TEST_CASE("a connection that ends says where") {
  SmtpDialog dialog(envelope(), {"x\r\n"});
  dialog.on_data("220 hi\r\n250 helo\r\n");
  const SmtpTurn turn = dialog.on_closed("the server closed the connection");
  CHECK(turn.over);
  CHECK(turn.news ==
        std::vector<SmtpNews>{{Kind::Broken, 0, SmtpStep::Sender, "the server closed the connection", ""}});
  CHECK(dialog.on_timeout().news.empty());
}

TEST_CASE("once all letters are taken nothing can fail any more") {
  SmtpDialog dialog(envelope(), {"x\r\n"});
  CHECK(dialog.on_data("220 \r\n250 \r\n250 \r\n250 \r\n354 \r\n250 \r\n").news.size() == 1);
  CHECK(dialog.step() == SmtpStep::Quit);
  const SmtpTurn turn = dialog.on_timeout();
  CHECK(turn.news.empty());
  CHECK(turn.over);
}

TEST_CASE("a server that never stops talking is not listened to") {
  SmtpDialog dialog(envelope(), {"x\r\n"});
  const SmtpTurn turn = dialog.on_data(std::string(3000, '2'));
  CHECK(turn.over);
  REQUIRE(turn.news.size() == 1);
  CHECK(turn.news[0].detail == "an answer with a line that is too long");
}
