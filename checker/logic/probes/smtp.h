// SMTP_CHECK: greeting 220, HELO answered with 250, QUIT (behaviour.md e.4). Replies may have several lines (RFC 5321 §4.2.1).
// The verdict comes with the 250: the answer to QUIT is not waited for. Made by probe.cpp.
#pragma once

#include <string>

#include "checker/logic/probe.h"

namespace holdfast::checker {

inline constexpr std::size_t kSmtpLineLimit = 2048;        ///< octets; RFC 5321 §4.5.3.1.5 has 512
inline constexpr std::size_t kSmtpReplyLimit = 16U << 10;  ///< octets, all lines of one reply

class SmtpConversation : public StreamConversation {
 public:
  explicit SmtpConversation(const config::SmtpCheck& check) : helo_name_(check.helo_name) {}

  Step on_connected() override { return {}; }
  Step on_data(std::string_view octets) override;
  Step on_closed() override;
  Verdict on_timeout() const override;

 private:
  enum class Waiting : std::uint8_t { Greeting, Helo };

  std::optional<Step> take(char octet);
  std::optional<Step> end_of_line();
  Step end_of_reply();
  Step refuse(std::string detail) const;
  const char* where() const { return waiting_ == Waiting::Greeting ? "greeting" : "HELO"; }

  std::string helo_name_;
  Waiting waiting_ = Waiting::Greeting;
  std::string line_;
  std::string code_;  // of the first line of the reply
  std::size_t reply_octets_ = 0;
};

}  // namespace holdfast::checker
