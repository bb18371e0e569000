#include "core/config/schema/routing_lines.h"

#include <catch2/catch.hpp>
#include <linux/rtnetlink.h>

#include "core/base/text.h"
#include "core/config/schema/entries.h"
#include "test/core/config/support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {

Node line(const std::string& text) {
  Node node;
  node.words = split_words(text);
  return node;
}
Route route(const std::string& text) {
  Diagnostics diagnostics;
  return read_route(line(text), EntryPlace::Static, diagnostics).value();
}
Rule rule(const std::string& text) {
  Diagnostics diagnostics;
  return read_rule(line(text), EntryPlace::Static, diagnostics).value();
}
IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

}  // namespace

TEST_CASE("a route has the defaults of iproute2") {
  const Route plain = route("10.1.2.3/16 dev eth0");
  CHECK(plain.spec.destination == *IpPrefix::parse("10.1.0.0/16"));
  CHECK(plain.spec.scope == RT_SCOPE_LINK);
  CHECK(plain.spec.table == RT_TABLE_MAIN);
  CHECK(plain.spec.protocol == RTPROT_KEEPALIVED);
  CHECK(plain.devices == std::vector<std::string>{"eth0"});
  CHECK(route("10.1.0.0/16 via 10.0.0.1").spec.scope == RT_SCOPE_UNIVERSE);
  CHECK(route("local 10.1.0.1 dev eth0").spec.scope == RT_SCOPE_HOST);
  CHECK(route("local 10.1.0.1 dev eth0").spec.table == RT_TABLE_LOCAL);
  CHECK(route("broadcast 10.1.0.255 dev eth0").spec.scope == RT_SCOPE_LINK);
  CHECK(route("2001:db8::/32 dev eth0").spec.metric == 1024);
  CHECK(route("2001:db8::/32 dev eth0").spec.scope == RT_SCOPE_UNIVERSE);
}

TEST_CASE("a default route is of the family of what else the line says") {
  CHECK(route("default via 10.0.0.1").spec.family() == Family::IPv4);
  CHECK(route("default via 2001:db8::1").spec.family() == Family::IPv6);
  CHECK(route("default6 dev eth0").spec.family() == Family::IPv6);
}

TEST_CASE("the type of a route stands first, or behind to") {
  CHECK(route("blackhole 10.1.0.0/16").spec.type == RTN_BLACKHOLE);
  CHECK(route("blackhole 10.1.0.0/16").spec.hops.empty());
  CHECK(route("to prohibit 10.1.0.0/16").spec.type == RTN_PROHIBIT);
  CHECK(route("table 6 10.1.0.0/16 dev eth0").spec.type == RTN_UNICAST);
}

TEST_CASE("hops of a route come from nexthop, or from via and or") {
  const Route several = route("10.1.0.0/16 nexthop via 10.0.0.1 dev a weight 3 nexthop via 10.0.0.2 dev b onlink");
  REQUIRE(several.spec.hops.size() == 2);
  CHECK(several.spec.hops[0].gateway == address("10.0.0.1"));
  CHECK(several.spec.hops[0].weight == 3);
  CHECK(several.spec.hops[1].onlink);
  CHECK(several.devices == std::vector<std::string>{"a", "b"});
  const Route both = route("10.1.0.0/16 via 10.0.0.1 or 10.0.0.2 dev a");
  REQUIRE(both.spec.hops.size() == 2);
  CHECK(both.spec.hops[1].gateway == address("10.0.0.2"));
  CHECK(both.devices == std::vector<std::string>{"a", "a"});
}

TEST_CASE("times of a route are milliseconds, in the kernel's steps") {
  const auto& metrics = route("10.1.0.0/16 dev a rtt 300ms rttvar lock 1.5s rto_min 7").spec.metrics;
  CHECK(metrics.values.at(RTAX_RTT) == 2400);
  CHECK(metrics.values.at(RTAX_RTTVAR) == 6000);
  CHECK(metrics.values.at(RTAX_RTO_MIN) == 7);
  CHECK(metrics.locked == (1U << RTAX_RTTVAR | 1U << RTAX_RTO_MIN));
}

TEST_CASE("what is tracked belongs to keepalived; what expires is not tracked") {
  CHECK(route("10.1.0.0/16 dev a protocol static").spec.protocol == RTPROT_KEEPALIVED);
  CHECK(route("10.1.0.0/16 dev a protocol static no_track").spec.protocol == RTPROT_STATIC);
  CHECK(route("2001:db8::/32 dev a expires 60").no_track);
  CHECK(rule("table 5 protocol static").spec.protocol == RTPROT_KEEPALIVED);
  CHECK(rule("table 5 protocol static no_track").spec.protocol == RTPROT_STATIC);
}

TEST_CASE("a name that only files know leaves a line unusable") {
  CHECK_FALSE(route("10.1.0.0/16 dev a table nosuch").usable);
  CHECK(route("10.1.0.0/16 dev a table main").usable);
  CHECK_FALSE(rule("table nosuch").usable);
  CHECK_FALSE(rule("table 5 ipproto tcp").usable);
  CHECK_FALSE(route("10.1.0.0/16 encap ip id 5 dst 10.0.0.1 tos nosuch").usable);
}

TEST_CASE("more hops than a message holds leave a route unusable") {
  std::string text = "10.1.0.0/16";
  for (int i = 0; i < 128; ++i) text += " nexthop dev a";
  CHECK(route(text).usable);
  CHECK_FALSE(route(text + " nexthop dev a").usable);
}
