// The text of a mail (behaviour.md f.6): headers, an empty line, the body, an empty line; every line ends in CRLF and none is
// longer than SMTP allows. Nothing that stands in a name can begin a header or a line of its own. dot_stuffed() makes it what
// goes over the wire after DATA. Absent: the time of day; the caller writes the date.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/logic/address.h"

namespace holdfast::mail {

struct Message {
  Address from;
  std::vector<Address> to;
  std::string subject;
  std::string body;  ///< lines end in \n
  std::string date;  ///< RFC 5322 §3.3: "Mon, 23 Nov 2026 16:46:19 +0000"
};

std::string message_text(const Message& message);
/// RFC 5321 §4.5.2, with the line "." at its end. `text` is whole lines.
std::string dot_stuffed(std::string_view text);

}  // namespace holdfast::mail
