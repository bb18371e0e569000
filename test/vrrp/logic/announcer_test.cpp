#include "vrrp/logic/announcer.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

struct Bench {
  LinkTable links;
  ArpPace pace;
  Announcer announcer;
  config::GarpSettings settings;
  std::string name = "V";
  std::vector<KernelAddress> addresses;
  Bench() {
    LinkChanged link;
    link.index = 2;
    link.name = "ens33";
    links.link_changed(link);
  }
  /// With these addresses; the interface of the instance is 2.
  Announced of(std::vector<KernelAddress> list) {
    addresses = std::move(list);
    return what();
  }
  Announced what() const { return {name, settings, addresses, 2}; }
  static std::vector<KernelAddress> vips(int count) {
    std::vector<KernelAddress> list;
    for (int i = 0; i < count; ++i) {
      list.push_back({2, {}, {}});
      list.back().entry.prefix = {IpAddress::v4(0xc0000200U + static_cast<std::uint32_t>(i)), 24};
    }
    return list;
  }
  std::vector<std::string> run(TimePoint now, int units = 256) {
    Effects out;
    Budget budget{units};
    announcer.run(what(), links, pace, now, budget, out);
    std::vector<std::string> sent;
    for (const Effect& e : out) {
      if (const auto* arp = std::get_if<SendGratuitousArp>(&e)) sent.push_back(arp->address.text());
    }
    return sent;
  }
};

}  // namespace

TEST_CASE("a burst goes round robin over the addresses") {
  Bench b;
  b.settings.repeat = 2;
  b.announcer.start(b.of(Bench::vips(2)), kNow);
  CHECK(b.run(kNow) == std::vector<std::string>{"192.0.2.0", "192.0.2.1", "192.0.2.0", "192.0.2.1"});
  CHECK(b.announcer.next_deadline() == kNow + seconds(5));
  CHECK(b.run(kNow + seconds(5)).size() == 4);
  CHECK_FALSE(b.announcer.next_deadline());
}

TEST_CASE("the budget interrupts a burst, the next call goes on") {
  Bench b;
  b.announcer.start(b.of(Bench::vips(100)), kNow);
  CHECK(b.run(kNow).size() == 256);
  CHECK(*b.announcer.next_deadline() <= kNow);
  CHECK(b.run(kNow).size() == 244);
}

TEST_CASE("resumed routers announce once and have no second burst") {
  Bench b;
  b.announcer.resume(b.of(Bench::vips(3)), kNow);
  CHECK(b.run(kNow).size() == 3);
  CHECK_FALSE(b.announcer.next_deadline());
}

TEST_CASE("a won conflict uses the lower_prio settings and repeats after their delay") {
  Bench b;
  b.settings.lower_prio_repeat = 1;
  b.settings.lower_prio_delay = seconds(2);
  b.announcer.announce_again(b.of(Bench::vips(1)), kNow);
  CHECK(b.run(kNow).size() == 1);
  CHECK(b.announcer.next_deadline() == kNow + seconds(2));
}

TEST_CASE("garp_interval holds on one interface for all routers together") {
  Bench b;
  b.settings.interval = milliseconds(10);
  b.settings.repeat = 1;
  b.announcer.start(b.of(Bench::vips(2)), kNow);
  b.pace.used(2, kNow, milliseconds(10));  // another router of this interface
  CHECK(b.run(kNow).empty());
  CHECK(b.announcer.next_deadline() == kNow + milliseconds(10));
  CHECK(b.run(kNow + milliseconds(10)).size() == 1);
}

TEST_CASE("restored addresses are announced besides the burst that is going on") {
  Bench b;
  b.settings.repeat = 1;
  b.settings.delay = Duration::zero();
  b.announcer.start(b.of(Bench::vips(2)), kNow);
  b.announcer.announce_some(Bench::vips(1), b.settings, kNow);
  CHECK(b.run(kNow).size() == 3);
}

TEST_CASE("IPv6 addresses keep their own interval") {
  Bench b;
  b.settings.repeat = 1;
  b.settings.delay = Duration::zero();
  b.settings.gna_interval = seconds(1);
  auto list = Bench::vips(3);
  list[0].entry.prefix = *IpPrefix::parse("2001:db8::9/64");
  list[2].entry.prefix = *IpPrefix::parse("2001:db8::8/64");
  b.announcer.start(b.of(list), kNow);
  CHECK(b.run(kNow).size() == 2);
  CHECK(b.run(kNow).empty());
  CHECK(b.run(kNow + seconds(1)).size() == 1);
}

TEST_CASE("nothing is kept when nothing is to come") {
  CHECK(sizeof(Announcer) == sizeof(void*));
}

TEST_CASE("stopped announcers send nothing") {
  Bench b;
  b.announcer.start(b.of(Bench::vips(1)), kNow);
  b.announcer.stop();
  CHECK(b.run(kNow).empty());
  CHECK_FALSE(b.announcer.next_deadline());
}

TEST_CASE("interfaces of a group share one pace, the others keep their own") {
  Bench b;
  LinkChanged other;
  other.index = 3;
  other.name = "eth1";
  b.links.link_changed(other);
  b.pace.configure({{seconds(2), {}, {"ens33", "eth1"}, {}}});
  const LinkChanged* ens33 = b.links.by_index(2);
  const LinkChanged* eth1 = b.links.by_index(3);
  CHECK(b.pace.lane(2, ens33, Family::IPv4, {}).number == b.pace.lane(3, eth1, Family::IPv4, {}).number);
  CHECK(b.pace.lane(2, ens33, Family::IPv4, {}).interval == seconds(2));
  CHECK(b.pace.lane(2, ens33, Family::IPv6, seconds(7)).interval == seconds(7));  // the group says nothing of these
  CHECK(b.pace.lane(4, nullptr, Family::IPv4, seconds(7)).number == 4);
  b.settings.repeat = 1;
  b.settings.delay = Duration::zero();
  auto list = Bench::vips(2);
  list[1].interface_index = 3;
  b.announcer.start(b.of(list), kNow);
  CHECK(b.run(kNow).size() == 1);
  CHECK(b.run(kNow + seconds(1)).empty());
  CHECK(b.run(kNow + seconds(2)).size() == 1);
}

TEST_CASE("VIPs on other interfaces are announced each extra period") {
  Bench b;
  LinkChanged other;
  other.index = 3;
  other.name = "eth1";
  b.links.link_changed(other);
  b.settings.repeat = 1;
  b.settings.delay = Duration::zero();
  b.settings.extra_interval = seconds(10);
  auto list = Bench::vips(2);
  list[1].interface_index = 3;
  b.announcer.start(b.of(list), kNow);
  CHECK(b.run(kNow).size() == 2);
  CHECK(b.announcer.next_deadline() == kNow + seconds(10));
  CHECK(b.run(kNow + seconds(10)) == std::vector<std::string>{"192.0.2.1"});
  CHECK(b.announcer.next_deadline() == kNow + seconds(20));
}

}  // namespace holdfast::vrrp
