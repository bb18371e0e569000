#include "checker/wire.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::checker;

namespace {

ServerRecord server() {
  ServerRecord record;
  record.service = "tcp 192.0.2.9 80";
  record.server = "10.0.0.1 80";
  record.service_name = "[192.0.2.9]:tcp:80";
  record.server_name = "[10.0.0.1]:tcp:80";
  record.alive = true;
  record.weight = 7;
  record.since = from_us(12345);
  CheckRecord check;
  check.identity = 0xfedcba9876543210U;
  check.what = "HTTP_GET";
  check.known = check.up = true;
  check.failures = 2;
  check.url = 1;
  check.weight = 9;
  check.weight_delta = -3;
  check.failure = Failure::HttpStatus;
  check.detail = "503";
  record.checks.push_back(check);
  return record;
}

ServiceRecord service() {
  ServiceRecord record;
  record.service = "tcp 192.0.2.9 80";
  record.name = "[192.0.2.9]:tcp:80";
  record.quorum_up = record.suspended = true;
  record.since = from_us(99);
  ipvs::ServiceKey key;
  key.family = Family::IPv6;
  key.address = *IpAddress::parse("fd00::1");
  key.protocol = ipvs::Protocol::Sctp;
  key.port = 443;
  record.keys.push_back(key);
  record.mark = 1005;
  record.marks_refused = true;
  return record;
}

const std::string kServerKey = server_record_key("tcp 192.0.2.9 80", "10.0.0.1 80");
const std::string kServiceKey = service_record_key("tcp 192.0.2.9 80");

void add(proto::Records& records, const std::string& key, const std::string& value) {
  proto::Record& record = *records.add_records();
  record.set_key(key);
  record.set_value(value);
}

}  // namespace

TEST_CASE("records of servers and services travel unchanged") {
  const auto read = server_from_wire(kServerKey, to_wire(server()).SerializeAsString());
  REQUIRE(read);
  CHECK(*read == server());
  const auto again = service_from_wire(kServiceKey, to_wire(service()).SerializeAsString());
  REQUIRE(again);
  CHECK(*again == service());
}

TEST_CASE("a record that cannot be trusted is refused, with the reason") {
  CHECK(server_from_wire(kServerKey, "\xff\xff").error().message == "it cannot be parsed");
  CHECK(server_from_wire("server/x/y", to_wire(server()).SerializeAsString()).error().message ==
        "it is not about what its key says");
  auto bad = to_wire(server());
  bad.set_since_us(-1);
  CHECK(server_from_wire(kServerKey, bad.SerializeAsString()).error().message == "its times cannot be");
  auto service_bad = to_wire(service());
  service_bad.mutable_keys(0)->set_protocol(99);
  CHECK(service_from_wire(kServiceKey, service_bad.SerializeAsString()).error().message ==
        "it holds a malformed service");
  service_bad = to_wire(service());
  service_bad.mutable_keys(0)->set_address("12345");
  CHECK_FALSE(service_from_wire(kServiceKey, service_bad.SerializeAsString()));
}

TEST_CASE("a failure that this version does not know is one without a name") {
  auto wire = to_wire(server());
  wire.mutable_checks(0)->set_failure(4711);
  CHECK(server_from_wire(kServerKey, wire.SerializeAsString())->checks[0].failure == Failure::ConnectFailed);
}

TEST_CASE("what cannot be read of a predecessor's past is dropped with a line, the rest is kept") {
  proto::Records records;
  add(records, kServerKey, to_wire(server()).SerializeAsString());
  add(records, kServiceKey, to_wire(service()).SerializeAsString());
  add(records, "server/broken", "\xff");
  add(records, "of another version", "x");
  std::vector<std::string> dropped;
  const Past past = past_from_wire(records, dropped);
  CHECK(past.servers.size() == 1);
  CHECK(past.services.size() == 1);
  CHECK(dropped == std::vector<std::string>{"Dropping the record 'server/broken': it cannot be parsed"});
}
