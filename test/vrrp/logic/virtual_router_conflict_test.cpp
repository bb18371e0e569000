#include <catch2/catch.hpp>

#include "test/support/virtual_lan.h"
#include "test/vrrp/logic/router_bench.h"
#include "vrrp/logic/advertisement.h"

namespace holdfast::vrrp {

namespace {

/// V is Active; somebody else speaks with less.
struct Bench : RouterBench {
  std::optional<VirtualRouter> router;
  Bench() {
    router.emplace(settings, around());
    router->begin(around(), nullptr, {}, kNow, out);
    chores(*router, kNow);
    out.clear();
  }
  void hear(int priority, TimePoint at) {
    Advertisement a;
    a.version = 2;
    a.type = 1;
    a.virtual_router_id = 51;
    a.priority = static_cast<std::uint8_t>(priority);
    a.interval = seconds(1);
    a.addresses.push_back(*IpAddress::parse("192.0.2.9"));
    const IpAddress from = *IpAddress::parse("10.0.0.9");
    const IpAddress to = settings.multicast_group;
    const Bytes pdu = encode_pdu(a, ChecksumStyle::Plain, from, to);
    const Bytes bytes = test::ip_datagram(from, to, pdu);
    const auto datagram = parse_datagram(bytes);
    REQUIRE(datagram);
    router->hear(*datagram, at, out);
  }
  int lines(const std::string& part) const {
    int n = 0;
    for (const Log& line : all<Log>()) n += line.text.find(part) != std::string::npos ? 1 : 0;
    return n;
  }
};

}  // namespace

TEST_CASE("a conflict is counted once, and its end is told and announced") {
  Bench b;
  REQUIRE(b.router->state() == State::Active);
  b.hear(50, kNow + milliseconds(100));
  b.hear(50, kNow + milliseconds(1100));
  CHECK(b.router->statistics().conflicts == 1);
  CHECK(b.router->record().conflicts == 1);
  CHECK(b.router->take_conflict_told());
  CHECK_FALSE(b.router->take_conflict_told());
  CHECK(b.lines("was MASTER too") == 0);
  for (TimePoint at = kNow + seconds(2); at < kNow + seconds(7); at += milliseconds(500)) b.router->on_timer(at, b.out);
  CHECK(b.lines("10.0.0.9, priority 50, was MASTER too for 1 seconds (2 adverts), now we are alone") == 1);
  CHECK(b.router->take_conflict_told());
}

TEST_CASE("who resigns is no conflict any more, and a first resignation is none") {
  Bench b;
  b.hear(0, kNow + milliseconds(100));
  CHECK(b.router->statistics().conflicts == 0);
  b.hear(50, kNow + milliseconds(200));
  b.hear(0, kNow + milliseconds(300));
  CHECK(b.lines("was MASTER too for 0 seconds (1 advert), now we are alone") == 1);
}

TEST_CASE("another member's conflict is announced by one that is Active too") {
  Bench b;
  b.router->share_conflict(kNow + milliseconds(100), b.out);
  CHECK_FALSE(b.router->take_conflict_told());
  b.chores(*b.router, kNow + milliseconds(100));
  CHECK(b.all<SendGratuitousArp>().size() == 5);
}

}  // namespace holdfast::vrrp
