#include "vrrp/logic/statistics.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("the statistics of an instance have keepalived's shape") {
  Statistics s;
  s.adverts_sent = 8;
  s.became_active = 2;
  s.released_active = 1;
  s.errors.own().authentication_failures = 3;
  s.priority_zero_sent = 1;
  CHECK(statistics_block("V", s) ==
        "VRRP Instance: V\n"
        "  Advertisements:\n"
        "    Received: 0\n"
        "    Sent: 8\n"
        "  Became master: 2\n"
        "  Released master: 1\n"
        "  Packet Errors:\n"
        "    Length: 0\n"
        "    TTL: 0\n"
        "    Invalid Type: 0\n"
        "    Advertisement Interval: 0\n"
        "    Address List: 0\n"
        "  Authentication Errors:\n"
        "    Invalid Type: 0\n"
        "    Type Mismatch: 0\n"
        "    Failure: 3\n"
        "  Priority Zero:\n"
        "    Received: 0\n"
        "    Sent: 1\n");
}

}  // namespace holdfast::vrrp
