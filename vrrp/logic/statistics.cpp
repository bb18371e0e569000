#include "vrrp/logic/statistics.h"

#include <fmt/format.h>

namespace holdfast::vrrp {

std::string statistics_block(std::string_view instance, const Statistics& c) {
  std::string text = fmt::format("VRRP Instance: {}\n", instance);
  text += fmt::format("  Advertisements:\n    Received: {}\n    Sent: {}\n", c.adverts_received, c.adverts_sent);
  text += fmt::format("  Became master: {}\n  Released master: {}\n", c.became_active, c.released_active);
  text += fmt::format("  Packet Errors:\n    Length: {}\n    TTL: {}\n    Invalid Type: {}\n", c.errors->length,
                      c.errors->ttl, c.errors->type);
  text +=
      fmt::format("    Advertisement Interval: {}\n    Address List: {}\n", c.errors->interval, c.errors->address_list);
  text += fmt::format("  Authentication Errors:\n    Invalid Type: {}\n    Type Mismatch: {}\n    Failure: {}\n",
                      c.errors->invalid_authentication_type, c.errors->authentication_type_mismatch,
                      c.errors->authentication_failures);
  text +=
      fmt::format("  Priority Zero:\n    Received: {}\n    Sent: {}\n", c.priority_zero_received, c.priority_zero_sent);
  return text;
}

}  // namespace holdfast::vrrp
