// libFuzzer: any octets as what the mail server of smtp_alert says, cut at any place: no fault, the same course as whole, no
// letter sent that the server has not taken, and what is told of it can be logged.
#include "core/mail/logic/smtp_dialog.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/assert.h"

namespace {

using namespace holdfast::mail;

struct Course {
  std::string sent;
  std::vector<SmtpNews> news;
  bool over = false;
};

Course converse(std::string_view answers, std::size_t cut) {
  SmtpDialog dialog({"us", "me@x", {"a@x", "b@x"}}, {"one\r\n.\r\n", "two\r\n"});
  Course course;
  for (const std::string_view piece : {answers.substr(0, cut), answers.substr(cut)}) {
    if (course.over || piece.empty()) continue;
    SmtpTurn turn = dialog.on_data(piece);
    course.sent += turn.send;
    course.news.insert(course.news.end(), turn.news.begin(), turn.news.end());
    course.over = turn.over;
  }
  return course;
}

std::size_t count(const Course& course, SmtpNews::Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(course.news, kind, &SmtpNews::kind));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view answers(reinterpret_cast<const char*>(data + 1), size - 1);
  const Course whole = converse(answers, 0);
  const Course cut = converse(answers, answers.empty() ? 0 : data[0] * answers.size() / 256);
  ASSERT(whole.sent == cut.sent && whole.news == cut.news && whole.over == cut.over);
  ASSERT(count(whole, SmtpNews::Kind::Sent) + count(whole, SmtpNews::Kind::Refused) <= 2);
  ASSERT(count(whole, SmtpNews::Kind::Broken) <= 1);
  if (count(whole, SmtpNews::Kind::Sent) > 0) {
    ASSERT(answers.find("220") != std::string_view::npos && answers.find("354") != std::string_view::npos);
  }
  for (const SmtpNews& news : whole.news) {
    ASSERT(std::ranges::all_of(news.detail, [](char c) { return c >= 0x20 && c <= 0x7e; }));
  }
  return 0;
}
