#include "vrrp/logic/firewall_content.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::vrrp;

TEST_CASE("each kind of element needs the parts that hold it") {
  FirewallContent content;
  CHECK(parts_of(content) == FirewallParts{});
  content.dropped.insert({*IpAddress::parse("192.0.2.9"), 0, {}});
  content.vmacs.insert({Family::IPv6, 9, 2});
  FirewallParts parts;
  parts.dropped4 = parts.vmacs6 = true;
  CHECK(parts_of(content) == parts);
  content.dropped.insert({*IpAddress::parse("fe80::9"), 2, {}});
  parts.dropped6 = parts.link_local = true;
  CHECK(parts_of(content) == parts);
  content.dropped.insert({*IpAddress::parse("fe80::9"), 0, "ens33"});
  content.vmacs.insert({Family::IPv4, 9, 2});
  parts.link_local_by_name = parts.vmacs4 = true;
  CHECK(parts_of(content) == parts);
}

TEST_CASE("parts cover what they have, and no more") {
  FirewallParts few;
  few.dropped4 = true;
  FirewallParts more = few;
  more.link_local = true;
  CHECK(more.covers(few));
  CHECK_FALSE(few.covers(more));
  few.add(more);
  CHECK(few == more);
}
