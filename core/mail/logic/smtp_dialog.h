// The conversation with a mail server (RFC 5321, as behaviour.md f.6 says it: HELO, MAIL FROM, RCPT TO for each recipient, DATA,
// QUIT; no TLS, no AUTH): several letters over one connection. The mailer (core/mail/io/mailer.h) hands in what the server says
// and sends what comes out. A refused recipient loses nobody else the mail, a refused letter is reset and the next one follows;
// an answer that is no SMTP, 421 or a connection that ends breaks off. Absent: sockets, time, what becomes of a letter that
// could not be sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/logic/reply.h"

namespace holdfast::mail {

enum class SmtpStep : std::uint8_t { Greeting, Hello, Sender, Recipient, Data, Text, Reset, Quit };
/// As it is written on the wire, for log lines: "RCPT TO".
const char* step_word(SmtpStep step);

struct SmtpEnvelope {
  std::string helo;
  std::string sender;                   ///< address only
  std::vector<std::string> recipients;  ///< addresses only, at least one
};

/// What became of something during the last turn.
struct SmtpNews {
  enum class Kind : std::uint8_t {
    Sent,              ///< the server has taken the letter
    Refused,           ///< it will not take this letter; the next one follows
    RecipientRefused,  ///< it will not take it for `recipient`
    Broken,            ///< the conversation is over; letters neither Sent nor Refused are as before
  };
  Kind kind = Kind::Sent;
  std::size_t letter = 0;
  SmtpStep step = SmtpStep::Greeting;
  std::string detail;     ///< the server's words, printable
  std::string recipient;  ///< of RecipientRefused
  bool operator==(const SmtpNews&) const = default;
};

struct SmtpTurn {
  std::string send;  ///< not needed any more when it is over
  std::vector<SmtpNews> news;
  bool step_done = false;  ///< an answer came: the time of the next one begins
  bool over = false;       ///< close the connection
};

class SmtpDialog {
 public:
  /// `letters`: whole texts (message.h), at least one; they are dot-stuffed here.
  SmtpDialog(SmtpEnvelope envelope, std::vector<std::string> letters);

  SmtpTurn on_data(std::string_view octets);
  /// The server has closed, or cannot be written to; `why` for the log.
  SmtpTurn on_closed(const std::string& why);
  /// No answer within the time of a step, or of all of them.
  SmtpTurn on_timeout();
  SmtpStep step() const { return step_; }

 private:
  void answer(const Reply& reply, SmtpTurn& turn);
  void answer_recipient(const Reply& reply, SmtpTurn& turn);
  void ask(SmtpStep step, SmtpTurn& turn);
  void begin_letter(SmtpTurn& turn);
  void refuse(const Reply& reply, SmtpTurn& turn);
  void break_off(std::string detail, SmtpTurn& turn);

  SmtpEnvelope envelope_;
  std::vector<std::string> letters_;
  SmtpStep step_ = SmtpStep::Greeting;
  std::size_t letter_ = 0;     ///< the one under way
  std::size_t recipient_ = 0;  ///< the one asked for
  std::size_t accepted_ = 0;   ///< recipients of this letter
  bool over_ = false;
  ReplyReader reader_;
};

}  // namespace holdfast::mail
