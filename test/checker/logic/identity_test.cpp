#include "checker/logic/identity.h"

#include <catch2/catch.hpp>

#include "checker/logic/check_run.h"
#include "test/checker/logic/support.h"

namespace holdfast::checker {

TEST_CASE("services are told apart by address, port and protocol, mark and family, or group") {
  config::VirtualServer service;
  service.address = *IpAddress::parse("192.0.2.9");
  service.port = 80;
  service.protocol = config::Protocol::Tcp;
  CHECK(identity_of(service) == "tcp 192.0.2.9 80");
  service.protocol = config::Protocol::Sctp;
  CHECK(identity_of(service) == "sctp 192.0.2.9 80");
  config::VirtualServer mark;
  mark.fwmark = 7;
  CHECK(identity_of(mark) == "fwmark 7 4");
  mark.family = Family::IPv6;
  CHECK(identity_of(mark) == "fwmark 7 6");
  config::VirtualServer group;
  group.group = "G";
  CHECK(identity_of(group) == "group udp G");
}

TEST_CASE("a check is what it asks of whom, whenever it does so") {
  config::Check check = test::tcp_check();
  const std::uint64_t identity = identity_of(check);
  check.timing.delay_loop = seconds(99);
  CHECK(identity_of(check) == identity);
  check.endpoint.port = 81;
  CHECK(identity_of(check) != identity);
  config::Check http = test::tcp_check();
  http.kind = config::HttpCheck{false, {}, false, {}, false, false, {config::HttpUrl{}}};
  CHECK(identity_of(http) != identity);
  config::Check other = http;
  std::get<config::HttpCheck>(other.kind.own()).urls[0].path = "/other";
  CHECK(identity_of(other) != identity_of(http));
}

TEST_CASE("a fingerprint does not run words together") {
  Fingerprint one;
  one.add("ab");
  one.add("c");
  Fingerprint other;
  other.add("a");
  other.add("bc");
  CHECK(one.value() != other.value());
}

}  // namespace holdfast::checker
