// A mail address as the configuration writes it, `user@host` or `Name <user@host>`, taken apart for the envelope and for the
// header (RFC 5322 §3.4, as far as a configuration needs it). Used by message.h and by core before it hands mails to a mailer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::mail {

struct Address {
  std::string name;     ///< "" = none
  std::string address;  ///< what stands in MAIL FROM and RCPT TO
  bool operator==(const Address&) const = default;
};

/// Nothing when there is no address in it, or one with spaces, control characters or angle brackets: it could not be sent.
std::optional<Address> parse_address(std::string_view text);
/// For a header; the name is quoted when it is more than words.
std::string header_text(const Address& address);

}  // namespace holdfast::mail
