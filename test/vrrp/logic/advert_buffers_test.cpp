#include "vrrp/logic/advert_buffers.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("an instance needs what it says, else what the policy says, else nothing is changed") {
  config::VrrpInstance settings;
  config::AdvertBuffers policy;
  CHECK(receive_buffer_of(settings, policy, 1500) == 0);
  policy.by_mtu = true;
  CHECK(receive_buffer_of(settings, policy, 1500) == 4500);
  policy.multiplier = 10;
  CHECK(receive_buffer_of(settings, policy, 9000) == 90000);
  policy.octets = 7;
  CHECK(receive_buffer_of(settings, policy, 1500) == 7);
  settings.receive_buffer = 8;
  CHECK(receive_buffer_of(settings, policy, 1500) == 8);
}

TEST_CASE("by advert: the datagram with its addresses and what proves it") {
  config::VrrpInstance settings;
  settings.virtual_addresses.resize(2);
  config::AdvertBuffers policy;
  policy.by_advert = true;
  policy.multiplier = 1;
  CHECK(receive_buffer_of(settings, policy, 1500) == 20 + 8 + 2 * 4 + 8);
  settings.authentication = config::Authentication::Ah;
  CHECK(receive_buffer_of(settings, policy, 1500) == 20 + 8 + 2 * 4 + 8 + 24);
  settings.authentication = config::Authentication::None;
  settings.version = 3;
  settings.hmac.emplace();
  CHECK(receive_buffer_of(settings, policy, 1500) == 20 + 8 + 2 * 4 + 28);
  settings.family = Family::IPv6;
  CHECK(receive_buffer_of(settings, policy, 1500) == 40 + 8 + 2 * 16 + 28);
}

TEST_CASE("no product overflows") {
  config::VrrpInstance settings;
  config::AdvertBuffers policy;
  policy.by_mtu = true;
  policy.multiplier = 2147483647;
  CHECK(receive_buffer_of(settings, policy, 4294967295) == 2147483647);
}

}  // namespace holdfast::vrrp
