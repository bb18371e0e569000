#include "ipvs_wrapper/logic/describe.h"

#include <catch2/catch.hpp>

#include "test/ipvs_wrapper/logic/tables.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

TEST_CASE("services_and_destinations_have_the_names_of_the_log") {
  ServiceKey udp = tcp("fd00::1", 53);
  udp.protocol = Protocol::Udp;
  CHECK(describe(tcp("10.0.0.1")) == "[10.0.0.1]:tcp:80");
  CHECK(describe(udp) == "[fd00::1]:udp:53");
  CHECK(describe(mark(3)) == "FWM 3");
  CHECK(describe(udp, {ip("10.1.0.1"), 53}) == "[10.1.0.1]:udp:53");
  CHECK(describe(mark(3), {ip("10.1.0.1"), 53}) == "[10.1.0.1]:53");
}

TEST_CASE("operations_are_told_in_words") {
  Operation operation{Operation::Kind::AddDestination, tcp("10.0.0.1"), {}, {ip("10.1.0.1"), 81}, {}};
  CHECK(describe(operation) == "add destination [10.1.0.1]:tcp:81 of service [10.0.0.1]:tcp:80");
  operation.kind = Operation::Kind::DeleteService;
  CHECK(describe(operation) == "delete service [10.0.0.1]:tcp:80");
}

TEST_CASE("differences_of_destinations_are_named") {
  DestinationSettings found = tunnel(1, 6080, 1);
  found.weight = 3;
  found.upper_threshold = 5;
  CHECK(difference(found, weight(1)) ==
        "weight 3 instead of 1, forwarding TUN instead of NAT, upper threshold 5 instead of 0, "
        "tunnel gue/6080/1 instead of ipip/0/0");
  CHECK(difference(weight(1), weight(1)).empty());
}

TEST_CASE("differences_of_services_are_named") {
  ServiceSettings found{"rr", service_flag::kPersistent, 300, 0xffffff00, "sip"};
  CHECK(difference(found, {}, Family::IPv4) ==
        "scheduler rr instead of wlc, flags 0x1 instead of 0x0, persistence timeout 300 instead of 0, "
        "netmask 255.255.255.0 instead of 255.255.255.255, persistence engine sip instead of none");
  found.netmask = 64;
  CHECK(difference(found, found, Family::IPv6).empty());
}
