#include "core/mail/logic/smtp_dialog.h"

#include <utility>

#include "core/base/assert.h"
#include "core/mail/logic/message.h"

namespace holdfast::mail {

namespace {

constexpr int kServiceNotAvailable = 421;  // RFC 5321 §3.8: at any time

bool as_wished(SmtpStep step, int code) {
  switch (step) {
    case SmtpStep::Greeting:
      return code == 220;
    case SmtpStep::Recipient:
      return code == 250 || code == 251 || code == 252;
    case SmtpStep::Data:
      return code == 354;
    default:
      return code == 250;
  }
}

std::string in_words(const Reply& reply) {
  return reply.text.empty() ? std::to_string(reply.code) : std::to_string(reply.code) + " " + reply.text;
}

}  // namespace

const char* step_word(SmtpStep step) {
  switch (step) {
    case SmtpStep::Greeting:
      return "greeting";
    case SmtpStep::Hello:
      return "HELO";
    case SmtpStep::Sender:
      return "MAIL FROM";
    case SmtpStep::Recipient:
      return "RCPT TO";
    case SmtpStep::Data:
      return "DATA";
    case SmtpStep::Text:
      return "text";
    case SmtpStep::Reset:
      return "RSET";
    case SmtpStep::Quit:
      break;
  }
  return "QUIT";
}

SmtpDialog::SmtpDialog(SmtpEnvelope envelope, std::vector<std::string> letters)
    : envelope_(std::move(envelope)), letters_(std::move(letters)) {
  ASSERT(!letters_.empty() && !envelope_.recipients.empty());
}

SmtpTurn SmtpDialog::on_data(std::string_view octets) {
  SmtpTurn turn;
  reader_.feed(octets);
  while (!over_) {
    const auto reply = reader_.next();
    if (!reply) {
      break_off(reply.error().message, turn);
    } else if (!*reply) {
      break;
    } else {
      turn.step_done = true;
      answer(**reply, turn);
    }
  }
  turn.over = over_;
  return turn;
}

SmtpTurn SmtpDialog::on_closed(const std::string& why) {
  SmtpTurn turn;
  break_off(why, turn);
  turn.over = true;
  return turn;
}

SmtpTurn SmtpDialog::on_timeout() {
  return on_closed("no answer in time");
}

/// Once QUIT is said all is done: how the server takes it does not matter.
void SmtpDialog::break_off(std::string detail, SmtpTurn& turn) {
  if (!over_ && step_ != SmtpStep::Quit)
    turn.news.push_back({SmtpNews::Kind::Broken, letter_, step_, std::move(detail), {}});
  over_ = true;
}

void SmtpDialog::answer(const Reply& reply, SmtpTurn& turn) {
  if (reply.code == kServiceNotAvailable) return break_off(in_words(reply), turn);
  const bool good = as_wished(step_, reply.code);
  switch (step_) {
    case SmtpStep::Greeting:
      return good ? ask(SmtpStep::Hello, turn) : break_off(in_words(reply), turn);
    case SmtpStep::Hello:
      return good ? begin_letter(turn) : break_off(in_words(reply), turn);
    case SmtpStep::Sender:
      return good ? ask(SmtpStep::Recipient, turn) : refuse(reply, turn);
    case SmtpStep::Recipient:
      return answer_recipient(reply, turn);
    case SmtpStep::Data:
      return good ? ask(SmtpStep::Text, turn) : refuse(reply, turn);
    case SmtpStep::Text:
      if (!good) return refuse(reply, turn);
      turn.news.push_back({SmtpNews::Kind::Sent, letter_, step_, {}, {}});
      ++letter_;
      return begin_letter(turn);
    case SmtpStep::Reset:
      return good ? begin_letter(turn) : break_off(in_words(reply), turn);
    case SmtpStep::Quit:
      over_ = true;
      return;
  }
}

/// One that is refused must not lose the others the mail.
void SmtpDialog::answer_recipient(const Reply& reply, SmtpTurn& turn) {
  if (as_wished(step_, reply.code)) {
    ++accepted_;
  } else {
    turn.news.push_back(
        {SmtpNews::Kind::RecipientRefused, letter_, step_, in_words(reply), envelope_.recipients[recipient_]});
  }
  ++recipient_;
  if (recipient_ < envelope_.recipients.size()) return ask(SmtpStep::Recipient, turn);
  if (accepted_ > 0) return ask(SmtpStep::Data, turn);
  refuse(reply, turn);
}

void SmtpDialog::begin_letter(SmtpTurn& turn) {
  recipient_ = accepted_ = 0;
  ask(letter_ < letters_.size() ? SmtpStep::Sender : SmtpStep::Quit, turn);
}

void SmtpDialog::refuse(const Reply& reply, SmtpTurn& turn) {
  turn.news.push_back({SmtpNews::Kind::Refused, letter_, step_, in_words(reply), {}});
  ++letter_;
  ask(letter_ < letters_.size() ? SmtpStep::Reset : SmtpStep::Quit, turn);
}

void SmtpDialog::ask(SmtpStep step, SmtpTurn& turn) {
  step_ = step;
  switch (step) {
    case SmtpStep::Greeting:
      break;
    case SmtpStep::Hello:
      turn.send += "HELO " + envelope_.helo + "\r\n";
      break;
    case SmtpStep::Sender:
      turn.send += "MAIL FROM:<" + envelope_.sender + ">\r\n";
      break;
    case SmtpStep::Recipient:
      turn.send += "RCPT TO:<" + envelope_.recipients[recipient_] + ">\r\n";
      break;
    case SmtpStep::Data:
      turn.send += "DATA\r\n";
      break;
    case SmtpStep::Text:
      turn.send += dot_stuffed(std::exchange(letters_[letter_], {}));
      break;
    case SmtpStep::Reset:
      turn.send += "RSET\r\n";
      break;
    case SmtpStep::Quit:
      turn.send += "QUIT\r\n";
      break;
  }
}

}  // namespace holdfast::mail
