#include "vrrp/logic/old_checksum.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("only version 3 over IPv4 unicast with a pseudo header has an old checksum") {
  config::VrrpInstance i;
  i.version = 3;
  CHECK_FALSE(has_old_checksum(i));
  i.unicast_peers.push_back({*IpAddress::parse("10.0.0.2"), {}, {}, {}});
  CHECK(has_old_checksum(i));
  i.v3_checksum_as_v2 = true;
  CHECK_FALSE(has_old_checksum(i));
  i.v3_checksum_as_v2 = false;
  i.version = 2;
  CHECK_FALSE(has_old_checksum(i));
  i.version = 3;
  i.family = Family::IPv6;
  CHECK_FALSE(has_old_checksum(i));
}

}  // namespace holdfast::vrrp
