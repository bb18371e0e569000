// Reads what a mail server answers (RFC 5321 §4.2): three digits, then '-' while more lines follow. Octets may come in any
// pieces; what is kept is bounded: a line of 2 048 octets, 100 lines. Used by the dialog.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace holdfast::mail {

struct Reply {
  int code = 0;      ///< 200..599
  std::string text;  ///< of its last line, printable, at most 200 octets
  bool operator==(const Reply&) const = default;
};

class ReplyReader {
 public:
  void feed(std::string_view octets) { buffer_.append(octets); }
  /// The next whole answer, nothing when more octets are needed, an Error when this is no mail server.
  Result<std::optional<Reply>> next();
  /// Octets that came and belong to no whole answer yet.
  std::size_t pending() const { return buffer_.size(); }

 private:
  std::string buffer_;
  int code_ = 0;  ///< of the lines that have come of an unfinished answer
  int lines_ = 0;
};

/// Printable ASCII, the rest as '?'; at most 200 octets: for the log.
std::string for_the_log(std::string_view text);

}  // namespace holdfast::mail
