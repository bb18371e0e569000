#include "vrrp/dump_routing.h"

#include <catch2/catch.hpp>

#include "test/vrrp/logic/routing_support.h"

using namespace holdfast::vrrp;

// The words and their order are those of keepalived 2.2.7 for these lines.
TEST_CASE("routes are shown as keepalived shows them") {
  const auto shown = [](const char* line) { return route_text(route_line(line)); };
  CHECK(shown("198.51.100.0/24 dev d0") == "prepend 198.51.100.0/24 dev d0 proto 18");
  CHECK(shown("10.1.0.0/16 via 10.0.0.9 dev e0 encap ip id 5 dst 10.0.0.10 src 10.0.0.11 tos 4 ttl 9 flags 4") ==
        "prepend 10.1.0.0/16 encap ip id 5 dst 10.0.0.10 src 10.0.0.11 tos 4 ttl 9 flags 0x4 via inet 10.0.0.9 dev e0 "
        "proto 18");
  CHECK(shown("blackhole 10.4.0.0/16") == "add blackhole 10.4.0.0/16 proto 18");
  CHECK(shown("default via 10.0.0.9 dev e0 table 7") == "prepend 0.0.0.0/0 via inet 10.0.0.9 dev e0 table 7 proto 18");
  CHECK(
      shown("10.3.0.0/16 no_track nexthop via 10.0.0.9 dev e0 weight 3 nexthop via 10.0.0.10 dev e0 onlink") ==
      "prepend 10.3.0.0/16 proto 18 nexthop via inet 10.0.0.9 dev e0 weight 3 nexthop via inet 10.0.0.10 dev e0 onlink "
      "no_track");
  CHECK(
      shown("10.2.0.0/16 via 10.0.0.9 dev e0 rtt 300ms rttvar lock 400ms rto_min 1s mtu 1400 advmss lock 1000 hoplimit "
            "9") ==
      "prepend 10.2.0.0/16 via inet 10.0.0.9 dev e0 proto 18 rtt 300ms rttvar lock 400ms rto_min 1000ms mtu 1400 "
      "advmss lock 1000 hoplimit 9");
  CHECK(shown("2001:db8:7::/48 from 2001:db8:70::/48 dev e0 pref high table 1000") ==
        "prepend 2001:db8:7::/48 from 2001:db8:70::/48 dev e0 table 1000 proto 18 pref high");
  CHECK(shown("10.8.0.0/16 via 10.0.0.9 dev e0 encap mpls 100/200 ttl-propagate enabled add") ==
        "add 10.8.0.0/16 encap mpls 100/200 via inet 10.0.0.9 dev e0 proto 18 ttl-propagate enabled");
}

TEST_CASE("rules are shown as keepalived shows them") {
  const auto shown = [](const char* line) { return rule_text(rule_line(line)); };
  CHECK(shown("from 10.1.0.0/16 table 100 preference 5") ==
        "from 10.1.0.0/16 priority 5 tos 0x0 protocol 18 lookup 100");
  CHECK(shown("not to 10.2.0.0/16 fwmark 0x5/0xf iif e0 oif e1 table 101 preference 0x100 suppress_prefixlength 3 "
              "suppress_ifgroup 4 realms 1/2") ==
        "not from all to 10.2.0.0/16 priority 256 tos 0x0 fwmark 0x5/0xf iif e0 oif e1 suppress_prefixlen 3 "
        "suppress_ifgroup 4 protocol 18 realms 1/2 lookup 101");
  CHECK(shown("from 10.3.0.0/16 prohibit preference 7") ==
        "from 10.3.0.0/16 priority 7 tos 0x0 protocol 18 type prohibit");
  CHECK(shown("tunnel-id 5 uidrange 100-200 ipproto 6 sport 80-81 dport 90-91 tos 4 table 100 preference 9") ==
        "from all priority 9 tos 0x4 tunnel-id 5 uidrange 100-200 protocol 18 ipproto 6 sport 80-81 dport 90-91 lookup "
        "100");
  CHECK(shown("nop preference 11") == "from all priority 11 tos 0x0 protocol 18 nop");
}
