#include "core/mail/logic/message.h"

#include <algorithm>

namespace holdfast::mail {

namespace {

constexpr std::string_view kEnd = "\r\n";
constexpr std::size_t kLongestLine = 900;  // octets; RFC 5321 §4.5.3.1.6 allows 998

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kLongestLine));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return line;
}

/// In one line as long as it fits, then folded (RFC 5322 §2.2.3).
std::string recipients(const std::vector<Address>& to) {
  std::string header = "To: ";
  std::size_t line = header.size();
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::string next = one_line(header_text(to[i]));
    if (i > 0 && line + next.size() > kLongestLine) {
      header += ",\r\n ";
      line = 1;
    } else if (i > 0) {
      header += ", ";
      line += 2;
    }
    header += next;
    line += next.size();
  }
  return header + std::string(kEnd);
}

std::string body_lines(std::string_view body) {
  std::string text;
  while (!body.empty()) {
    const std::size_t end = std::min({body.find('\n'), body.size(), kLongestLine});
    text += one_line(body.substr(0, end));
    text += kEnd;
    const bool line_ended = end < body.size() && body[end] == '\n';
    body.remove_prefix(end + (line_ended ? 1 : 0));
  }
  return text;
}

}  // namespace

std::string message_text(const Message& message) {
  std::string text = "Date: " + one_line(message.date) + "\r\n";
  text += "From: " + one_line(header_text(message.from)) + "\r\n";
  text += "Subject: " + one_line(message.subject) + "\r\n";
  text += "X-Mailer: Keepalived\r\n";
  text += recipients(message.to);
  return text + "\r\n" + body_lines(message.body) + "\r\n";
}

std::string dot_stuffed(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && c == '.') out += '.';
    out += c;
    line_begins = c == '\n';
  }
  if (!line_begins) out += kEnd;
  return out + ".\r\n";
}

}  // namespace holdfast::mail
