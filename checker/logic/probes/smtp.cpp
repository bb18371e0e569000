#include "checker/logic/probes/smtp.h"

#include "checker/logic/probes/tools.h"

namespace holdfast::checker {

namespace {

constexpr std::size_t kCodeDigits = 3;

/// Whether the octet may stand there in "DDD text" or "DDD-text".
bool may_stand(std::size_t position, char octet) {
  if (position < kCodeDigits) return octet >= '0' && octet <= '9';
  return position != kCodeDigits || octet == ' ' || octet == '-' || octet == '\r';
}

}  // namespace

Step SmtpConversation::on_data(std::string_view octets) {
  Step all;
  for (const char octet : octets) {
    std::optional<Step> step = take(octet);
    if (!step) continue;
    all.send += step->send;
    all.verdict = std::move(step->verdict);
    if (all.verdict) break;
  }
  return all;
}

std::optional<Step> SmtpConversation::take(char octet) {
  if (++reply_octets_ > kSmtpReplyLimit || line_.size() >= kSmtpLineLimit) {
    return Step{{}, Verdict{Failure::TooMuchData, where()}};
  }
  if (octet == '\n') return end_of_line();
  if (!may_stand(line_.size(), octet)) return refuse("no SMTP reply");
  line_ += octet;
  return {};
}

std::optional<Step> SmtpConversation::end_of_line() {
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  if (line_.size() < kCodeDigits) return refuse("no SMTP reply");
  const std::string code = line_.substr(0, kCodeDigits);
  if (!code_.empty() && code != code_) return Step{{}, Verdict{Failure::SmtpMalformed, "codes differ"}};
  if (code_.empty()) code_ = code;
  if (line_.size() > kCodeDigits && line_[kCodeDigits] == '-') {
    line_.clear();
    return {};
  }
  return end_of_reply();
}

Step SmtpConversation::end_of_reply() {
  const bool greeting = waiting_ == Waiting::Greeting;
  if (code_ != (greeting ? "220" : "250")) return refuse(printable(line_));
  line_.clear();
  code_.clear();
  reply_octets_ = 0;
  if (!greeting) return {"QUIT\r\n", Verdict{}};
  waiting_ = Waiting::Helo;
  return {"HELO " + helo_name_ + "\r\n", {}};
}

Step SmtpConversation::refuse(std::string detail) const {
  return {{}, Verdict{waiting_ == Waiting::Greeting ? Failure::SmtpBanner : Failure::SmtpHelo, std::move(detail)}};
}

Step SmtpConversation::on_closed() {
  const bool nothing = waiting_ == Waiting::Greeting && reply_octets_ == 0;
  return {{}, Verdict{nothing ? Failure::NoData : Failure::ClosedEarly, where()}};
}

Verdict SmtpConversation::on_timeout() const {
  return {Failure::ReadTimeout, where()};
}

}  // namespace holdfast::checker
