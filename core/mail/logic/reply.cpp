#include "core/mail/logic/reply.h"

#include <algorithm>
#include <utility>

namespace holdfast::mail {

namespace {

constexpr std::size_t kLongestLine = 2048;  // octets; RFC 5321 §4.5.3.1.5 asks for 512
constexpr int kMostLines = 100;
constexpr std::size_t kLongestLogged = 200;

/// The code of a line, 0 when there is none.
int code_of(std::string_view line) {
  if (line.size() < 3) return 0;
  int code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return 0;
  return code >= 200 && code < 600 ? code : 0;
}

Error unlike_smtp(std::string_view line) {
  return Error{"an answer that is not SMTP: " + for_the_log(line), 0};
}

}  // namespace

std::string for_the_log(std::string_view text) {
  std::string line(text.substr(0, kLongestLogged));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return line;
}

Result<std::optional<Reply>> ReplyReader::next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n');
    if (std::min(end, buffer_.size()) > kLongestLine) return Error{"an answer with a line that is too long", 0};
    if (end == std::string::npos) return std::optional<Reply>();
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const int code = code_of(line);
    if (code == 0 || (lines_ > 0 && code != code_)) return unlike_smtp(line);
    code_ = code;
    if (++lines_ > kMostLines) return Error{"an answer with too many lines", 0};
    if (line.size() > 3 && line[3] == '-') continue;
    lines_ = 0;
    return std::optional(Reply{code, for_the_log(line.substr(std::min<std::size_t>(4, line.size())))});
  }
}

}  // namespace holdfast::mail
