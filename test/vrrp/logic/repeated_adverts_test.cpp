#include "vrrp/logic/repeated_adverts.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

const IpAddress kOurs = *IpAddress::parse("10.0.0.1");
const IpAddress kTheirs = *IpAddress::parse("10.0.0.2");

config::VrrpInstance instance() {
  config::VrrpInstance i;
  i.name = "V";
  i.virtual_router_id = 51;
  i.version = 3;
  i.virtual_addresses.push_back({});
  i.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.9/24");
  return i;
}

Bytes pdu_of(const config::VrrpInstance& i, int priority) {
  WireMemory memory;
  return send_adverts(i, priority, 3, kTheirs, memory).front().pdu;
}

Datagram datagram(const Bytes& pdu) {
  Datagram d;
  d.source = kTheirs;
  d.destination = IpAddress::v4(0xe0000012);
  d.protocol = 112;
  d.time_to_live = 255;
  d.total_length = d.received_length = pdu.size() + 20;
  d.pdu = pdu;
  return d;
}

}  // namespace

TEST_CASE("what is sent is what would be built, whatever was sent before") {
  config::VrrpInstance i = instance();
  SentAdverts sent;
  WireMemory memory;
  const auto same = [&](int priority, std::uint32_t interface_index, const IpAddress& source) {
    WireMemory fresh = memory;
    return sent.make(i, priority, interface_index, source, memory) ==
           send_adverts(i, priority, interface_index, source, fresh);
  };
  CHECK(same(100, 3, kOurs));
  CHECK(same(100, 3, kOurs));
  CHECK(same(0, 3, kOurs));
  CHECK(same(100, 4, kOurs));
  CHECK(same(100, 4, kTheirs));
  i.virtual_addresses[0].prefix = *IpPrefix::parse("192.0.2.10/24");
  sent.forget();
  CHECK(same(100, 4, kTheirs));
}

TEST_CASE("the checksum follows what the unicast peer speaks") {
  config::VrrpInstance i = instance();
  i.unicast_peers.push_back({});
  i.unicast_peers[0].address = kTheirs;
  SentAdverts sent;
  WireMemory memory;
  const Bytes before = sent.make(i, 100, 3, kOurs, memory).front().pdu;
  memory.old_checksum_peer = kTheirs;
  CHECK(sent.make(i, 100, 3, kOurs, memory).front().pdu != before);
}

TEST_CASE("what carries a number is built anew each time") {
  config::VrrpInstance i = instance();
  i.version = 2;
  i.authentication = config::Authentication::Ah;
  i.auth_pass = "secret";
  SentAdverts sent;
  WireMemory memory;
  memory.utc = seconds(1'700'000'000);
  const Bytes first = sent.make(i, 100, 3, kOurs, memory).front().pdu;
  CHECK(sent.make(i, 100, 3, kOurs, memory).front().pdu != first);
}

TEST_CASE("only the same datagram is believed, and only while the same router is followed") {
  const config::VrrpInstance i = instance();
  const Bytes pdu = pdu_of(i, 120);
  const Datagram told = datagram(pdu);
  HeardAdvertMemo memo;
  CHECK_FALSE(memo.find(told, kTheirs));
  memo.keep(i, told, kTheirs, {kTheirs, 120, seconds(1)});
  REQUIRE(memo.find(told, kTheirs));
  CHECK(memo.find(told, kTheirs)->priority == 120);
  CHECK_FALSE(memo.find(told, kOurs));
  const auto believed = [&](auto change) {
    Datagram d = told;
    change(d);
    return memo.find(d, kTheirs).has_value();
  };
  CHECK_FALSE(believed([](Datagram& d) { d.source = kOurs; }));
  CHECK_FALSE(believed([](Datagram& d) { d.destination = kOurs; }));
  CHECK_FALSE(believed([](Datagram& d) { d.time_to_live = 254; }));
  CHECK_FALSE(believed([](Datagram& d) { ++d.total_length; }));
  CHECK_FALSE(believed([](Datagram& d) { ++d.received_length; }));
  CHECK_FALSE(believed([](Datagram& d) { d.pdu = d.pdu.first(d.pdu.size() - 1); }));
  const Bytes other = pdu_of(i, 121);
  CHECK_FALSE(believed([&](Datagram& d) { d.pdu = other; }));
  CHECK_FALSE(believed([&](Datagram& d) { d.authentication_header = other; }));
  memo.forget();
  CHECK_FALSE(memo.find(told, kTheirs));
}

TEST_CASE("what could be a replay is not kept") {
  config::VrrpInstance i = instance();
  i.hmac.emplace();
  const Bytes pdu = pdu_of(instance(), 120);
  HeardAdvertMemo memo;
  memo.keep(i, datagram(pdu), kTheirs, {kTheirs, 120, seconds(1)});
  CHECK_FALSE(memo.find(datagram(pdu), kTheirs));
}

}  // namespace holdfast::vrrp
