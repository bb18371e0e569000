// What keepalived 2.2.7 accepts and rejects, tried with its -t.
#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {
int code(const std::string& line, const std::string& block = "static_routes") {
  return exit_code(load_text(block + " {\n " + line + "\n}\n").diagnostics);
}
}  // namespace

TEST_CASE("routes that keepalived takes are taken") {
  for (const char* line :
       {"10.1.0.0/16 via 10.0.0.1 dev lo mtu lock 1400 advmss lock 5 rtt lock 20ms rttvar 5 hoplimit 255",
        "10.1.0.0/16 dev lo cwnd lock 3 ssthresh lock 4 reordering lock 3 congctl lock reno rto_min lock 3",
        "10.1.0.0/16 dev lo nexthop via 10.0.0.1 dev eth0 weight 3 onlink nexthop via 10.0.0.2",
        "10.1.0.0/16 via 10.0.0.1 encap ip id 3 dst 1.2.3.4 src 3.4.5.6 tos 3 ttl 4 flags 3 dev eth0",
        "10.1.0.0/16 dev lo encap mpls 3/4", "10.1.0.0/16 dev lo encap ila 1:2:3:4", "blackhole 10.2.0.0/16 no_track",
        "10.1.0.0/16 dev lo tos 0x10 scope link protocol static no_track realms 3/4 table 300",
        "fe80::/16 dev lo pref high", "fe80::/16 dev lo expires 30", "default via inet 10.0.0.1 dev lo",
        "default6 via fe80::1 dev eth0",
        "10.1.0.0/16 dev lo ttl-propagate disabled quickack 1 features ecn fastopen_no_cookie 0"}) {
    INFO(line);
    CHECK(code(line) == 0);
  }
}

TEST_CASE("routes that keepalived does not take are rejected") {
  for (const char* line : {"10.1.0.0/16 dev lo hoplimit 256",
                           "10.1.0.0/16 dev lo mtu x",
                           "10.1.0.0/16 dev lo metric -1",
                           "10.1.0.0/16 dev lo quickack 2",
                           "10.1.0.0/16 dev lo features foo",
                           "10.1.0.0/16 dev lo pref high",
                           "10.1.0.0/16 dev lo nexthop via 10.0.0.1 weight 300",
                           "10.1.0.0/16 dev lo encap foo 3",
                           "10.1.0.0/16 dev lo nexthop via 10.0.0.1 no_track",
                           "10.1.0.0/16 dev lo ttl-propagate foo",
                           "10.1.0.0/16 dev lo scope 300",
                           "10.1.0.0/16 dev lo protocol 300",
                           "10.1.0.0/16 dev lo tos 256",
                           "10.1.0.0/16 dev lo realms 70000",
                           "10.1.0.0/16 gw 10.0.0.1 dev lo",
                           "10.1.0.0/16 src 10.0.0.1/24 dev lo",
                           "10.1.0.0/16 dev lo rto_min 10x",
                           "10.1.0.0/16 dev lo window lock 3",
                           "10.1.0.0/16 dev lo weight 3",
                           "via 10.0.0.1 dev lo",
                           "10.1.0.0/16 dev lo encap mpls foo",
                           "10.1.0.0/16 from 10.0.0.0/8 dev lo",
                           "10.1.0.0/16 dev lo lock mtu 1400",
                           "10.1.0.0/16 dev lo (type)"}) {
    INFO(line);
    CHECK(code(line) == 5);
  }
}

TEST_CASE("track_group belongs to static routes only") {
  CHECK_FALSE(mentions(load_text("static_routes {\n 10.1.0.0/16 dev lo track_group g\n}\n"), "Unknown keyword"));
  CHECK(mentions(load_text(instance("virtual_routes {\n 10.1.0.0/16 dev lo track_group g\n}")),
                 "Unknown keyword 'track_group' in route"));
}
