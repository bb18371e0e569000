#include <catch2/catch.hpp>

#include "vrrp/logic/virtual_router.h"

namespace holdfast::vrrp {

namespace {

const TimePoint kNow = from_us(5'000'000);

/// V, a Backup that waits for its group.
struct Bench {
  LinkTable links;
  ScriptTable scripts;
  FlatSet<IpAddress> vips;
  std::set<AddressKey> leaving;
  std::set<std::string> grouped{"V"};
  Effects out;
  Surroundings around() const { return {links, scripts, vips, leaving, {}, grouped}; }
  config::VrrpInstance settings() const {
    config::VrrpInstance instance;
    instance.name = "V";
    instance.interface = "ens33";
    instance.virtual_router_id = 51;
    return instance;
  }
  void link(bool up) {
    LinkChanged link;
    link.index = 2;
    link.name = "ens33";
    link.up = up;
    links.link_changed(link);
  }
  VirtualRouter router;
  Bench() : router((prepare(), settings()), around()) { router.begin(around(), nullptr, {}, kNow, out); }
  void prepare() {
    link(true);
    links.address_appeared({2, *IpPrefix::parse("10.0.0.1/24"), false});
  }
  int priority_zeros() const {
    int count = 0;
    for (const Effect& effect : out) {
      const auto* advert = std::get_if<SendAdvert>(&effect);
      if (advert != nullptr && advert->pdu[2] == 0) ++count;
    }
    return count;
  }
};

}  // namespace

TEST_CASE("a member whose timer runs out is willing, and Active only when its group says so") {
  Bench b;
  CHECK_FALSE(b.router.willing());
  const TimePoint later = kNow + seconds(4);
  b.router.on_timer(later, b.out);
  CHECK(b.router.willing());
  CHECK(b.router.state() == State::Backup);
  CHECK_FALSE(b.router.next_deadline());
  CHECK(b.router.promote(later, b.out));
  CHECK(b.router.state() == State::Active);
  CHECK_FALSE(b.router.promote(later, b.out));
  CHECK(b.priority_zeros() == 0);
  b.router.demote(later, b.out);
  CHECK(b.router.state() == State::Backup);
  CHECK(b.priority_zeros() == 1);
}

TEST_CASE("a fault of its group is none of its own, and both may come and go") {
  Bench b;
  b.router.set_group_fault("G", b.around(), kNow, b.out);
  CHECK(b.router.state() == State::Fault);
  CHECK_FALSE(b.router.faulty_by_itself());
  CHECK(b.router.record().fault_reasons == std::vector<std::string>{"sync group G"});
  b.link(false);
  b.router.reassess(b.around(), kNow, b.out);
  CHECK(b.router.faulty_by_itself());
  b.router.set_group_fault("", b.around(), kNow, b.out);
  CHECK(b.router.state() == State::Fault);
  b.link(true);
  b.router.reassess(b.around(), kNow, b.out);
  CHECK(b.router.state() == State::Backup);
}

}  // namespace holdfast::vrrp
