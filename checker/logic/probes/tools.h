// What a conversation needs and logic/ may not have: an MD5 (libcrypto, checker/io/md5) and the compiled patterns, which are
// shared by all runs of all checks. Handed to the factory of probe.h by checker/io/probe_port.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "checker/logic/probes/regex.h"

namespace holdfast::checker {

/// A digest that grows with the body.
class BodyDigest {
 public:
  virtual ~BodyDigest() = default;
  virtual void add(std::string_view octets) = 0;
  /// 16 octets; called once, at the end.
  virtual std::string finish() = 0;
};

struct ConversationTools {
  std::function<std::unique_ptr<BodyDigest>()> md5;  ///< must be set where a check has a digest
  RegexCache regexes;
};

/// The octets in lower-case hexadecimal.
std::string hex(std::string_view octets);

/// At most `limit` octets of what came from outside, each that is not printable ASCII as '.'.
std::string printable(std::string_view octets, std::size_t limit = 80);

}  // namespace holdfast::checker
