#include "core/mail/logic/message.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace holdfast::mail;

namespace {

Message message() {
  return {{"", "me@x.org"},
          {{"", "a@x.org"}, {"Bob", "b@y.org"}},
          "[RID] VRRP Instance V1 - Entering MASTER state",
          "=> VRRP Instance is now owning VRRP VIPs <=",
          "Mon, 23 Nov 2026 16:46:19 +0000"};
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0, begin = 0;
  for (std::size_t end; (end = text.find("\r\n", begin)) != std::string::npos; begin = end + 2)
    longest = std::max(longest, end - begin);
  return longest;
}

}  // namespace

TEST_CASE("a mail has keepalived's headers in keepalived's order") {
  CHECK(message_text(message()) ==
        "Date: Mon, 23 Nov 2026 16:46:19 +0000\r\n"
        "From: me@x.org\r\n"
        "Subject: [RID] VRRP Instance V1 - Entering MASTER state\r\n"
        "X-Mailer: Keepalived\r\n"
        "To: a@x.org, Bob <b@y.org>\r\n"
        "\r\n"
        "=> VRRP Instance is now owning VRRP VIPs <=\r\n"
        "\r\n");
}

TEST_CASE("nothing in a name can begin a header") {
  Message m = message();
  m.subject = "a\r\nBcc: you\nX: y";
  CHECK(message_text(m).find("Subject: a  Bcc: you X: y\r\n") != std::string::npos);
}

TEST_CASE("lines of a body end as SMTP wants it") {
  Message m = message();
  m.body = "one\ntwo\r\n\nfour";
  CHECK(message_text(m).ends_with("\r\n\r\none\r\ntwo \r\n\r\nfour\r\n\r\n"));
  m.body = "";
  CHECK(message_text(m).ends_with("Bob <b@y.org>\r\n\r\n\r\n"));
}

TEST_CASE("no line is longer than SMTP allows, whatever is said") {
  Message m = message();
  m.subject = std::string(5000, 's');
  m.body = std::string(5000, 'q');
  m.to.assign(300, {"", "somebody@example.org"});
  const std::string text = message_text(m);
  CHECK(longest_line(text) <= 998);
  CHECK(text.find(",\r\n somebody@example.org") != std::string::npos);
  CHECK(std::ranges::count(text, 'q') == 5000);
}

TEST_CASE("a line that begins with a dot gets another one") {
  CHECK(dot_stuffed("a\r\n.\r\n..b\r\nc.\r\n") == "a\r\n..\r\n...b\r\nc.\r\n.\r\n");
  CHECK(dot_stuffed("") == ".\r\n");
  CHECK(dot_stuffed(".x") == "..x\r\n.\r\n");
}
