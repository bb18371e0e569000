#include "vrrp/logic/statistics.h"

#include <fmt/format.h>

namespace holdfast::vrrp {

std::string statistics_block(std::string_view instance, const Statistics& c) {
  std::string text = fmt::format("VRRP Instance: {}\n", instance);
  text += fmt::format("  Advertisements:\n    Received: {}\n    Sent: {}\n", c.adverts_received, c.adverts_sent);
  text += fmt::format("  Became master: {}\n  Released master: {}\n", c.became_active, c.released_active);
  text += fmt::format("  Packet Errors:\n    Length: {}\n    TTL: {}\n    Invalid Type: {}\n", c.length_errors,
                      c.ttl_errors, c.invalid_type);
  text +=
      fmt::format("    Advertisement Interval: {}\n    Address List: {}\n", c.interval_errors, c.address_list_errors);
  text += fmt::format("  Authentication Errors:\n    Invalid Type: {}\n    Type Mismatch: {}\n    Failure: {}\n",
                      c.invalid_authentication_type, c.authentication_type_mismatch, c.authentication_failures);
  text +=
      fmt::format("  Priority Zero:\n    Received: {}\n    Sent: {}\n", c.priority_zero_received, c.priority_zero_sent);
  return text;
}

}  // namespace holdfast::vrrp
