#include "checker/io/mark_rules.h"

#include <catch2/catch.hpp>

namespace holdfast::checker {

namespace {

MarkedRange range(const char* first, const char* last, ipvs::Protocol protocol) {
  return {protocol, *IpAddress::parse(first), *IpAddress::parse(last), 80, 81, 0x3e8};
}

}  // namespace

TEST_CASE("a map for each family and protocol that has ranges, its elements in the order of the kernel's octets") {
  const MarkPlan plan{
      "t",
      -1,
      true,
      {range("10.0.0.9", "10.0.0.10", ipvs::Protocol::Udp), range("fd00::1", "fd00::1", ipvs::Protocol::Sctp),
       range("10.0.0.1", "10.0.0.1", ipvs::Protocol::Udp)}};
  const std::vector<MarkMap> maps = mark_maps(plan, "whose");
  REQUIRE(maps.size() == 2);
  CHECK(maps[0].set.name == "udp_map");
  CHECK(maps[0].set.interval);
  CHECK(maps[0].set.counters);
  CHECK(maps[0].table == netlink::NftTable{Family::IPv4, "t", "whose"});
  REQUIRE(maps[0].elements.size() == 2);
  CHECK(maps[0].elements[0].key == Bytes{10, 0, 0, 1, 0, 80, 0, 0});
  CHECK(maps[0].elements[1].key_end == Bytes{10, 0, 0, 10, 0, 81, 0, 0});
  CHECK(maps[0].elements[0].value == netlink::nft::number(0x3e8));
  CHECK(maps[1].set.name == "sctp_map");
  CHECK(maps[1].table.family == Family::IPv6);
  CHECK(maps[1].elements[0].key.size() == 20);
}

TEST_CASE("a plan without ranges only removes") {
  netlink::NftBatch empty(1);
  put_removal(empty, "t");
  netlink::NftBatch batch(1);
  put_marks(batch, {"t", -1, false, {}}, "whose");
  CHECK(std::move(batch).finish().messages == std::move(empty).finish().messages);
}

}  // namespace holdfast::checker
