#include "core/mail/logic/reply.h"

#include <catch2/catch.hpp>

using namespace holdfast::mail;

namespace {

struct Heard {
  std::vector<Reply> replies;
  std::string error;
  bool operator==(const Heard&) const = default;
};

Heard hear(ReplyReader& reader, std::string_view octets, Heard heard = {}) {
  reader.feed(octets);
  while (heard.error.empty()) {
    const auto reply = reader.next();
    if (!reply) {
      heard.error = reply.error().message;
    } else if (*reply) {
      heard.replies.push_back(**reply);
    } else {
      break;
    }
  }
  return heard;
}

/// The same however it is cut.
Heard hear(std::string_view octets) {
  ReplyReader whole;
  const Heard once = hear(whole, octets);
  ReplyReader trickled;
  Heard slow;
  for (const char c : octets) slow = hear(trickled, {&c, 1}, slow);
  CHECK(slow.replies == once.replies);
  CHECK(slow.error == once.error);
  return once;
}

}  // namespace

TEST_CASE("an answer is a code and the text of its last line") {
  CHECK(hear("250 OK\r\n").replies == std::vector<Reply>{{250, "OK"}});
  CHECK(hear("250-one\r\n250-two\r\n250 three\r\n221\r\n").replies == std::vector<Reply>{{250, "three"}, {221, ""}});
  CHECK(hear("354 go\n").replies == std::vector<Reply>{{354, "go"}});
  CHECK(hear("220 no end yet").replies.empty());
  CHECK(hear("250-more follows\r\n").replies.empty());
}

TEST_CASE("what is no mail server is found out") {
  for (const char* text : {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "25\r\n", "250OK\r\n", "199 x\r\n", "600 x\r\n",
                           "250-one\r\n251 two\r\n", "-50 x\r\n", "2 0 x\r\n"}) {
    INFO(text);
    CHECK(hear(text).error.starts_with("an answer that is not SMTP"));
  }
}

TEST_CASE("what is kept of an answer is bounded") {
  CHECK(hear(std::string(2049, 'x')).error == "an answer with a line that is too long");
  CHECK(hear("250 " + std::string(2040, 'x') + "\r\n").replies.size() == 1);
  std::string lines;
  for (int i = 0; i < 101; ++i) lines += "250-x\r\n";
  CHECK(hear(lines).error == "an answer with too many lines");
  CHECK(hear("250 " + std::string(1000, 'x') + "\r\n").replies.front().text.size() == 200);
}

TEST_CASE("nothing that a log could choke on comes through") {
  CHECK(hear("550 a\x1b[31m\x80\tb\r\n").replies == std::vector<Reply>{{550, "a?[31m??b"}});
  CHECK(for_the_log(std::string("a\0b", 3)) == "a?b");
}
