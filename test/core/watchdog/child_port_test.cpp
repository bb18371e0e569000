// Core's side of the link: a child may say anything.
#include "core/watchdog/child_port.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <google/protobuf/stubs/logging.h>
#include <random>

#include "core/runtime/clock.h"
#include "core/runtime/signals.h"
#include "core/runtime/socket.h"

using namespace holdfast;
using namespace holdfast::watchdog;

namespace {

struct Fixture {
  Fixture() {
    ignore_sigpipe();
    auto pair = socket_pair();
    REQUIRE(pair);
    ChildPort::Callbacks c;
    c.on_event = [this](const Event& event) { events.push_back(event); };
    c.on_records = [this](const proto::RecordChanges&) { ++others; };
    c.on_run_script = [this](const proto::RunScript&) { ++others; };
    c.on_notify_line = [this](const proto::NotifyLine&) { ++others; };
    c.on_alert = [this](const proto::Alert&) { ++others; };
    c.on_log = [this](const proto::LogLines&) { ++others; };
    c.on_dump = [this](const proto::DumpText&) { ++others; };
    c.on_lateness = [](const proto::Lateness&) {};
    port = std::make_unique<ChildPort>(loop, Role::Vrrp, std::move(pair->first), std::move(c));
    child = std::make_unique<Channel>(loop, std::move(pair->second), 1000, 64U << 20, Channel::Callbacks{});
  }
  Event hear(const proto::Envelope& envelope) { return hear_raw(envelope.SerializeAsString()); }
  Event hear_raw(const std::string& octets) {
    events.clear();
    child->send(octets);
    REQUIRE(loop.run_until([&] { return !events.empty(); }, now() + seconds(1)));
    return events.front();
  }
  bool distrusted(const proto::Envelope& envelope) { return untrustworthy(hear(envelope)); }
  static bool untrustworthy(const Event& event) {
    const auto* lost = std::get_if<LinkLost>(&event);
    return lost && lost->untrustworthy;
  }

  EventLoop loop;
  std::vector<Event> events;
  int others = 0;
  std::unique_ptr<ChildPort> port;
  std::unique_ptr<Channel> child;
};

proto::Envelope will(std::int64_t anchor, std::int64_t interval, std::int64_t down) {
  proto::Envelope envelope;
  proto::Bequest& b = *envelope.mutable_last_will()->add_bequests();
  b.set_key("V");
  b.set_advert_anchor_us(anchor);
  b.set_advert_interval_us(interval);
  b.set_peers_down_interval_us(down);
  proto::WillAddress& a = *b.add_addresses();
  a.set_address(std::string("\xc0\0\2\x09", 4));
  a.set_prefix_length(24);
  a.set_interface_index(3);
  return envelope;
}

}  // namespace

TEST_CASE("what a child says becomes events") {
  Fixture f;
  proto::Envelope e;
  e.mutable_ready()->set_generation(7);
  CHECK(std::get<ChildReady>(f.hear(e)).generation == 7);
  e.mutable_pong()->set_sequence(9);
  CHECK(std::get<ChildPong>(f.hear(e)).sequence == 9);
  e.mutable_prepared()->add_reasons("why");
  CHECK(std::get<ChildPrepared>(f.hear(e)).reasons == std::vector<std::string>{"why"});
  e.mutable_stopped();
  CHECK(std::holds_alternative<ChildStopped>(f.hear(e)));
  const auto change = std::get<WillChanged>(f.hear(will(5, 6, 7)));
  CHECK(change.bequests.at(0).addresses == std::vector<WillAddress>{{3, *IpPrefix::parse("192.0.2.9/24")}});
}

TEST_CASE("a child that speaks out of turn, or rubbish, is not trusted any more") {
  Fixture f;
  CHECK(Fixture::untrustworthy(f.hear_raw("\xff\xff\xff")));
  CHECK(Fixture::untrustworthy(f.hear_raw("")));
  proto::Envelope e;
  e.mutable_stop();
  CHECK(f.distrusted(e));
  e.mutable_configure();
  CHECK(f.distrusted(e));
  e.mutable_adopt();
  CHECK(f.distrusted(e));
  e.mutable_hello()->set_role(proto::ROLE_CHECKER);
  CHECK(f.distrusted(e));
}

TEST_CASE("a last will with times that cannot be is not trusted; sums with the others cannot overflow") {
  Fixture f;
  for (const std::int64_t wrong : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) {
    CHECK(f.distrusted(will(wrong, 1, 1)));
    CHECK(f.distrusted(will(1, wrong, 1)));
    CHECK(f.distrusted(will(1, 1, wrong)));
  }
}

TEST_CASE("the ear of a will is taken whole, or the will is not trusted") {
  Fixture f;
  proto::Envelope e = will(5, 6, 7);
  proto::Ear& ear = *e.mutable_last_will()->mutable_bequests(0)->mutable_ear();
  ear.set_interface_index(4);
  ear.set_address(std::string("\xe0\0\0\x12", 4));
  ear.set_protocol(112);
  ear.set_filter(std::string(16, 'x'));
  ear.set_latest_interval_us(9);
  const auto change = std::get<WillChanged>(f.hear(e));
  REQUIRE(change.bequests.at(0).ear);
  CHECK(*change.bequests[0].ear ==
        Ear{4, *IpAddress::parse("224.0.0.18"), 112, Bytes(16, std::uint8_t{'x'}), microseconds(9)});
  const proto::Envelope good = e;
  const auto refused = [&](const auto& spoil) {
    proto::Envelope bad = good;
    spoil(*bad.mutable_last_will()->mutable_bequests(0)->mutable_ear());
    Fixture other;
    return std::get<LinkLost>(other.hear(bad)).untrustworthy;
  };
  CHECK(refused([](proto::Ear& x) { x.set_protocol(6); }));
  CHECK(refused([](proto::Ear& x) { x.set_address("abc"); }));
  CHECK(refused([](proto::Ear& x) { x.set_filter(std::string(1025, 'x')); }));
  CHECK(refused([](proto::Ear& x) { x.set_latest_interval_us(-1); }));
}

TEST_CASE("addresses that are none are left out of a will") {
  Fixture f;
  proto::Envelope e = will(5, 6, 7);
  auto& bequest = *e.mutable_last_will()->mutable_bequests(0);
  bequest.add_addresses()->set_address("12345");
  auto& wide = *bequest.add_addresses();
  wide.set_address("1234");
  wide.set_prefix_length(33);
  auto& huge = *bequest.add_addresses();
  huge.set_address("1234");
  huge.set_prefix_length(0xffffffff);
  CHECK(std::get<WillChanged>(f.hear(e)).bequests.at(0).addresses.size() == 1);
}

TEST_CASE("orders of a will that do anything but remove routes and rules are left out") {
  Fixture f;
  proto::Envelope e = will(5, 6, 7);
  auto& bequest = *e.mutable_last_will()->mutable_bequests(0);
  const auto order = [](std::uint16_t type, std::uint32_t length, std::size_t octets) {
    std::string message(octets, '\0');
    std::memcpy(message.data(), &length, sizeof length);
    std::memcpy(message.data() + 4, &type, sizeof type);
    return message;
  };
  bequest.add_orders(order(25, 28, 28));  // RTM_DELROUTE
  bequest.add_orders(order(33, 30, 32));  // RTM_DELRULE, with the padding behind it
  bequest.add_orders(order(24, 28, 28));  // RTM_NEWROUTE
  bequest.add_orders(order(17, 28, 28));  // RTM_DELLINK
  bequest.add_orders(order(25, 28, 56));  // two messages
  bequest.add_orders(order(25, 60, 28));
  bequest.add_orders(order(25, 4, 4));
  bequest.add_orders(std::string(8, '\0'));
  CHECK(std::get<WillChanged>(f.hear(e)).bequests.at(0).orders.size() == 2);
}

TEST_CASE("a link that breaks is told, without blame") {
  Fixture f;
  f.child.reset();
  REQUIRE(f.loop.run_until([&] { return !f.events.empty(); }, now() + seconds(1)));
  CHECK_FALSE(std::get<LinkLost>(f.events.front()).untrustworthy);
}

TEST_CASE("rubbish of any kind is an event or nothing, never an end") {
  Fixture f;
  google::protobuf::LogSilencer quiet;
  std::mt19937 random(11);
  const std::string good = will(5, 6, 7).SerializeAsString();
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good;
    for (int flips = 0; flips < 2; ++flips) bad[random() % bad.size()] = static_cast<char>(random());
    f.child->send(bad);
    while (f.loop.run_once()) {
    }
  }
  SUCCEED();
}
