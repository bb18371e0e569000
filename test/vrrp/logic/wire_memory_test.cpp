#include "vrrp/logic/wire_memory.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("a successor numbers above everything its predecessor can have sent") {
  InstanceRecord record;
  record.advert_anchor = from_us(0);
  record.advert_interval = seconds(1);
  record.ah_sequence = 10;
  record.old_checksum_peer = *IpAddress::parse("10.0.0.2");
  const WireMemory memory = resumed(record, from_us(0) + seconds(100));
  CHECK(memory.ah->sent >= 10 + 100);
  CHECK(*memory.old_checksum_peer == record.old_checksum_peer);
  record.ah_sequence = UINT32_MAX;
  CHECK(resumed(record, from_us(0) + seconds(100)).ah->sent == UINT32_MAX);
  record.ah_sequence = 0;
  CHECK(resumed(record, from_us(0) + seconds(100)).ah->sent == 0);
}

}  // namespace holdfast::vrrp
