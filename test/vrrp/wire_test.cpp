#include "vrrp/wire.h"

#include <catch2/catch.hpp>
#include <google/protobuf/stubs/logging.h>
#include <random>

#include "test/vrrp/logic/routing_support.h"

using namespace holdfast;
using namespace holdfast::vrrp;

namespace {

InstanceRecord sample() {
  InstanceRecord record;
  record.instance = "V";
  record.state = State::Active;
  record.effective_priority = 170;
  record.base_priority = 200;
  record.since = from_us(1000);
  record.advert_anchor = from_us(2000);
  record.advert_interval = milliseconds(100);
  record.peers_down_interval = milliseconds(360);
  record.takeover_interval = milliseconds(370);
  record.best_peer = {*IpAddress::parse("10.0.0.3"), 150};
  record.learned_interval = milliseconds(200);
  record.active_address = *IpAddress::parse("10.0.0.2");
  record.active_priority = 99;
  record.old_checksum_peer = *IpAddress::parse("10.0.0.4");
  record.ah_sequence = 4'000'000'000;
  KernelAddress address;
  address.interface_index = 3;
  address.entry.prefix = *IpPrefix::parse("192.0.2.9/24");
  record.addresses.push_back(address);
  record.priority_reasons = {"script chk -30"};
  record.fault_reasons = {"x"};
  record.vmacs = {{"vrrp.51", 9}};
  record.preempt_at = from_us(3000);
  record.interface_kind = "ens33 veth";
  return record;
}

const std::string key = record_key(kInstanceKind, "V");

std::string why(const proto::VrrpInstanceRecord& wire, const std::string& under = key) {
  const auto read = instance_from_wire(under, wire.SerializeAsString());
  return read ? "accepted" : read.error().message;
}

}  // namespace

TEST_CASE("an instance record travels unchanged") {
  const auto read = instance_from_wire(key, to_wire(sample()).SerializeAsString());
  REQUIRE(read);
  CHECK(*read == sample());
}

TEST_CASE("the record of an interface below macvlans travels unchanged") {
  const BaseRecord record{"ens33", 2, {2, 1, 3}};
  const std::string under = record_key(kBaseKind, "ens33");
  const auto read = base_from_wire(under, to_wire(record).SerializeAsString());
  REQUIRE(read);
  CHECK(*read == record);
  CHECK_FALSE(base_from_wire(record_key(kBaseKind, "other"), to_wire(record).SerializeAsString()));
  proto::Records records;
  proto::Record& one = *records.add_records();
  one.set_key(under);
  one.set_value(to_wire(record).SerializeAsString());
  std::vector<std::string> dropped;
  CHECK(past_from_wire(records, dropped).bases == std::vector{record});
  CHECK(dropped.empty());
}

TEST_CASE("the record of an interface that promotes secondaries because of us travels unchanged") {
  const PromotionRecord record{"ens33", 2};
  const std::string under = record_key(kPromotionKind, "ens33");
  const auto read = promotion_from_wire(under, to_wire(record).SerializeAsString());
  REQUIRE(read);
  CHECK(*read == record);
  CHECK_FALSE(promotion_from_wire(record_key(kPromotionKind, "other"), to_wire(record).SerializeAsString()));
  proto::Records records;
  proto::Record& one = *records.add_records();
  one.set_key(under);
  one.set_value(to_wire(record).SerializeAsString());
  std::vector<std::string> dropped;
  CHECK(past_from_wire(records, dropped).promotions == std::vector{record});
}

TEST_CASE("routes and rules travel as the messages that remove them") {
  InstanceRecord record = sample();
  for (const char* line : {"10.1.0.0/16 dev eth0", "10.2.0.0/16 nexthop dev eth0 weight 3 nexthop dev eth1",
                           "2001:db8::/32 via fe80::1 dev eth1", "blackhole 10.3.0.0/16 table 7"}) {
    record.routing.push_back(route(line));
  }
  record.routing.push_back(rule("from 10.1.0.0/16 fwmark 5 iif eth0 table 1000 preference 9"));
  const auto read = instance_from_wire(key, to_wire(record).SerializeAsString());
  REQUIRE(read);
  REQUIRE(read->routing.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(read->routing[i].text == record.routing[i].text);
    CHECK(routing_key(read->routing[i].object) == routing_key(record.routing[i].object));
    CHECK(fits(record.routing[i].object, read->routing[i].object));
  }
  auto bad = to_wire(record);
  bad.mutable_routing(0)->mutable_removal()->resize(20);
  CHECK(why(bad) == "it holds a malformed route or rule");
  // What removes it comes in the order in which it is to be removed.
  const auto bequest = bequest_of(record);
  REQUIRE(bequest);
  CHECK(bequest->orders_size() == 5);
  CHECK(bequest->orders(0) == to_wire(record).routing(4).removal());
}

TEST_CASE("the record of static entries travels unchanged, and its will waits until nobody comes back") {
  StaticRecord record;
  record.addresses = sample().addresses;
  record.routing.push_back(route("10.1.0.0/16 dev eth0"));
  const auto read = statics_from_wire(to_wire(record).SerializeAsString());
  REQUIRE(read);
  CHECK(read->addresses == record.addresses);
  CHECK(read->routing.at(0).text == "10.1.0.0/16 dev eth0");
  CHECK(bequest_of(record).peers_down_interval_us() > 900'000'000'000'000);
  CHECK_FALSE(statics_from_wire("\xff\xff"));
}

TEST_CASE("a script record travels unchanged") {
  ScriptRecord record;
  record.script = "chk";
  record.command.argv = {"/bin/true", "a b"};
  record.command.user = "nobody";
  record.known = record.up = true;
  record.in_a_row = 2;
  record.last_status = 1;
  const auto read = script_from_wire(record_key(kScriptKind, "chk"), to_wire(record).SerializeAsString());
  REQUIRE(read);
  CHECK(*read == record);
  CHECK_FALSE(script_from_wire(record_key(kScriptKind, "other"), to_wire(record).SerializeAsString()));
}

TEST_CASE("a record that cannot be trusted is refused, with the reason") {
  const auto good = to_wire(sample());
  CHECK(why(good) == "accepted");
  CHECK(instance_from_wire(key, "\xff\xff").error().message == "it cannot be parsed");
  CHECK(why(good, "instance/W") == "it is not about what its key says");
  auto bad = good;
  bad.set_state(static_cast<proto::VrrpState>(9));
  CHECK(why(bad) == "its state is not one of VRRP");
  bad = good;
  bad.set_advert_interval_us(0);
  CHECK(why(bad) == "its intervals are not positive");
  bad = good;
  bad.set_peers_down_interval_us(-1);
  CHECK(why(bad) == "its intervals are not positive");
  bad = good;
  bad.mutable_addresses(0)->set_address("12345");
  CHECK(why(bad) == "it holds a malformed address");
  bad = good;
  bad.mutable_addresses(0)->set_prefix_length(33);
  CHECK(why(bad) == "it holds a malformed address");
  bad.mutable_addresses(0)->set_prefix_length(0xffffffff);
  CHECK(why(bad) == "it holds a malformed address");
  CHECK(why({}) != "accepted");
}

TEST_CASE("a record with times that would overflow is refused") {
  for (const std::int64_t wrong : {INT64_MIN, INT64_MAX}) {
    auto bad = to_wire(sample());
    bad.set_advert_anchor_us(wrong);
    CHECK(why(bad) == "its times cannot be");
    bad = to_wire(sample());
    bad.set_since_us(wrong);
    CHECK(why(bad) == "its times cannot be");
  }
  auto bad = to_wire(sample());
  bad.set_peers_down_interval_us(INT64_MAX);
  CHECK(why(bad) == "its times cannot be");
}

TEST_CASE("unreadable records are dropped one by one, each with a line, the others are used") {
  proto::Records records;
  records.set_died_at_us(77);
  const auto add = [&records](const std::string& under, const std::string& value) {
    proto::Record& record = *records.add_records();
    record.set_key(under);
    record.set_value(value);
  };
  add(key, to_wire(sample()).SerializeAsString());
  add("instance/W", "\xff");
  add("script/chk", "\xff");
  add("future/thing", "\xff");
  std::vector<std::string> dropped;
  const Past past = past_from_wire(records, dropped);
  CHECK(past.died_at == from_us(77));
  CHECK(past.instances.size() == 1);
  CHECK(past.scripts.empty());
  CHECK(dropped == std::vector<std::string>{"Dropping the record 'instance/W': it cannot be parsed",
                                            "Dropping the record 'script/chk': it cannot be parsed"});
}

TEST_CASE("only an Active instance with addresses leaves a will") {
  InstanceRecord record = sample();
  const auto will = bequest_of(record);
  REQUIRE(will);
  CHECK(will->key() == "V");
  CHECK(will->advert_anchor_us() == 2000);
  CHECK(will->peers_down_interval_us() == 370'000);
  CHECK(will->addresses(0).interface_index() == 3);
  CHECK_FALSE(will->has_ear());
  for (const State state : {State::Initialize, State::Backup, State::Fault}) {
    record.state = state;
    CHECK_FALSE(bequest_of(record));
  }
  record = sample();
  record.addresses.clear();
  CHECK_FALSE(bequest_of(record));
}

TEST_CASE("whoever never heard a peer leaves an ear with its will") {
  InstanceRecord record = sample();
  record.best_peer = {};
  record.endpoint = Listen{7, *IpAddress::parse("224.0.0.18"), 51};
  record.virtual_router_id = 51;
  record.slowest_takeover_interval = milliseconds(399);
  const auto will = bequest_of(record);
  REQUIRE(will);
  REQUIRE(will->has_ear());
  CHECK(will->ear().interface_index() == 7);
  CHECK(will->ear().address() == std::string("\xe0\0\0\x12", 4));
  CHECK(will->ear().protocol() == 51);
  CHECK(will->ear().latest_interval_us() == 399'000);
  CHECK(will->ear().filter().size() > 8);
  record.endpoint.reset();
  CHECK_FALSE(bequest_of(record)->has_ear());
}

TEST_CASE("rubbish is a record or an error, never a crash") {
  google::protobuf::LogSilencer quiet;
  std::mt19937 random(1);
  const std::string good = to_wire(sample()).SerializeAsString();
  for (int i = 0; i < 20'000; ++i) {
    std::string bad = good.substr(0, random() % (good.size() + 1));
    for (int flips = 0; flips < 3 && !bad.empty(); ++flips) bad[random() % bad.size()] = static_cast<char>(random());
    (void)instance_from_wire(key, bad).ok();
    (void)script_from_wire(record_key(kScriptKind, "V"), bad).ok();
  }
}
